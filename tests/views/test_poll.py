"""Clicks on ipykernel 6: comm messages are handled at once, everything else keeps its place in the queue."""

from types import SimpleNamespace

from kerasdoctor.views.poll import poll


class Socket:
    def __init__(self, messages):
        self.messages = messages

    def poll(self, timeout):
        return bool(self.messages)

    def recv_multipart(self, copy):
        return self.messages.pop(0)


class Session:
    def feed_identities(self, message, copy):
        return ["id"], message

    def deserialize(self, parts, content, copy):
        return {"header": {"msg_type": parts}, "content": content}


def kernel(messages):
    handled, put_back = [], []
    return SimpleNamespace(
        shell_stream=SimpleNamespace(socket=Socket(messages)),
        session=Session(),
        comm_manager=SimpleNamespace(comm_msg=lambda stream, ids, message: handled.append(message["content"])),
        dispatch_shell="dispatch",
        schedule_dispatch=lambda dispatch, message: put_back.append((dispatch, message)),
        handled=handled,
        put_back=put_back,
    )


def test_clicks_are_handled_and_cells_stay_in_their_order():
    made = kernel(["execute_request", "comm_msg", "execute_request 2", "comm_msg"])
    poll(SimpleNamespace(comm=SimpleNamespace(kernel=made)))
    assert made.handled == [True, True]
    assert made.put_back == [("dispatch", "execute_request"), ("dispatch", "execute_request 2")]


def test_without_a_kernel_nothing_happens():
    poll(SimpleNamespace(comm=None))
    poll(SimpleNamespace(comm=SimpleNamespace(kernel=SimpleNamespace())))
