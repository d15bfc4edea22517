"""The listener for scripts and terminals: incidents and the end of the run as plain lines."""

from __future__ import annotations


class PrintLines:
    """Prints each incident once in each state, and one line at the end."""

    def __init__(self, write=print):
        self.write = write

    def on_incident(self, watch, incident):
        place = f"epoch {incident.epoch}, batch {incident.batch}"
        if incident.state == "recovered":
            self.write(f"kerasdoctor: {place}: {incident.name} recovered at batch {incident.until}  [{incident.code}]")
        else:
            held = ", confirmed" if incident.state == "confirmed" else ""
            self.write(f"kerasdoctor: {place}: {incident.message}  [{incident.code}{held}]")

    def on_end(self, watch):
        for cause in watch.causes:
            if cause.likelihood != "ruled out":
                self.write(
                    f"kerasdoctor: {cause.likelihood}: {cause.title}  [{cause.code}]" if cause.code else f"kerasdoctor: {cause.title}"
                )
        if watch.incidents:
            kept = f"; last healthy weights: epoch {watch.healthy_epoch}" if watch.healthy_epoch is not None else ""
            self.write(f"kerasdoctor: {watch.message}{kept}")
