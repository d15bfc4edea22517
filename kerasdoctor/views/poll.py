"""Clicks during fit on ipykernel 6, which answers nothing while a cell runs: the training thread reads the clicks itself."""

from __future__ import annotations

from functools import cache


@cache
def needed():
    """ipykernel 7 has subshells, which take the clicks; without ipykernel there are none."""
    try:
        import ipykernel
    except ImportError:
        return False
    return ipykernel.version_info[0] < 7


def poll(widget):
    """Handle the comm messages that wait in the kernel of ``widget``; everything else is put back into the queue, in order."""
    kernel = getattr(widget.comm, "kernel", None)
    stream = getattr(kernel, "shell_stream", None)
    if stream is None:
        return
    while stream.socket.poll(0):
        message = stream.socket.recv_multipart(copy=False)
        ids, parts = kernel.session.feed_identities(message, copy=False)
        # Peeked at without the content: no digest is stored, so the message can be deserialised again by whoever takes it.
        header = kernel.session.deserialize(parts, content=False, copy=False)["header"]
        if header["msg_type"] == "comm_msg":
            kernel.comm_manager.comm_msg(stream, ids, kernel.session.deserialize(parts, content=True, copy=False))
        else:
            kernel.schedule_dispatch(kernel.dispatch_shell, message)
