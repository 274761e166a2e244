"""Arrow streams that a producer makes batch by batch, with callbacks of Python or of C."""

import ctypes
import queue
import threading

import pyarrow as pa
import pytest
import refrain
from texts import CLEAN, DOUBLED, SINGLE, interrupt

FIELDS = ["get_schema", "get_next", "get_last_error", "release", "private_data"]
Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
python = ctypes.pythonapi
python.PyCapsule_New.restype = ctypes.py_object
python.PyCapsule_New.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class Struct(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in FIELDS]


class Stream:
    """A stream whose callback `get_next` is a function that returns arrays, or an address."""

    def __init__(self, kind, get_next):
        self.reads = 0
        self.released = False
        self.kind, self.arrays = kind, get_next
        self.callbacks = [Callback(self.get_schema), Callback(self.get_next), Release(self.release)]
        schema, following, release = (
            ctypes.cast(callback, ctypes.c_void_p) for callback in self.callbacks
        )
        if isinstance(get_next, int):
            following = get_next
        self.struct = Struct(schema, following, None, release, None)

    def get_schema(self, _, out):
        self.kind._export_to_c(out)
        return 0

    def get_next(self, _, out):
        self.reads += 1
        array = self.arrays()
        # An array that is left as it was, released, is the end.
        if array is not None:
            array._export_to_c(out)
        return 0

    def release(self, struct):
        self.released = True
        Struct.from_address(struct).release = None

    def __arrow_c_stream__(self, requested_schema=None):
        return python.PyCapsule_New(ctypes.addressof(self.struct), b"arrow_array_stream", None)


def test_a_stream_of_another_thread():
    batches = queue.Queue(1)

    def produce():
        for texts in ([DOUBLED], [None, SINGLE], []):
            batches.put(pa.array(texts, pa.string()))
        batches.put(None)

    producer = threading.Thread(target=produce)
    producer.start()
    stream = Stream(pa.string(), batches.get)
    assert pa.array(refrain.clean(stream)).to_pylist() == [CLEAN, None, SINGLE]
    producer.join()
    assert stream.reads == 4 and stream.released


def test_a_long_stream_can_be_interrupted_while_it_is_read():
    # Its callbacks are in C, so only this package can handle the signal.
    column = pa.chunked_array([pa.array(["a"])] * 2_000_000)
    interrupt(refrain.Near().verify, [], column)


def test_a_producer_can_wait_for_a_thread_that_needs_the_interpreter():
    # This callback fails if its caller has the interpreter. Otherwise, it leaves the array as it
    # was, which is the end.
    address = ctypes.cast(python.PyGILState_Check, ctypes.c_void_p).value
    stream = Stream(pa.string(), address)
    assert pa.array(refrain.clean(stream)).to_pylist() == []
    assert stream.released


@pytest.mark.parametrize(
    ("kind", "call", "message"),
    [
        (pa.int64(), refrain.clean, "expected a column of strings, found Int64"),
        (pa.dictionary(pa.int8(), pa.int64()), refrain.clean, "found Dictionary"),
        (pa.float64(), lambda it: refrain.Near().cluster([], keep=it), "`keep`: expected a column"),
        (pa.string(), lambda it: refrain.remove(["a"], segments=it), "lists of integers"),
        (pa.list_(pa.string()), lambda it: refrain.remove(["a"], segments=it), "lists of integers"),
        (pa.list_(pa.int64()), lambda it: refrain.remove(["a"], spans=it), "lists of spans"),
        (
            pa.struct({"first_shingles": pa.int64()}),
            lambda it: refrain.Near().cluster_of_pairs(1, [], [], it),
            "`overlaps`: expected structs",
        ),
    ],
)
def test_a_stream_of_a_wrong_type_is_not_read(kind, call, message):
    stream = Stream(kind, lambda: pytest.fail("the stream was read"))
    with pytest.raises(TypeError, match=message):
        call(stream)
    assert stream.reads == 0 and stream.released
