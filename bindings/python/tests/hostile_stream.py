"""A stream that breaks the rules of Arrow: the name of its column is no UTF-8, at which the engine panics."""

from __future__ import annotations

import ctypes
from typing import Any


class _Schema(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.POINTER(_Schema)),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]

_Call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_Error = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class _Stream(ctypes.Structure):
    _fields_ = [("get_schema", _Call), ("get_next", _Call), ("get_last_error", _Error), ("release", _Release)] + [
        ("private_data", ctypes.c_void_p)
    ]


class NoUtf8:
    """It must live as long as what reads it."""

    def __init__(self) -> None:
        self._child = _Schema(format=b"l", name=b"\xff\xfe", flags=2)
        self._children = (ctypes.POINTER(_Schema) * 1)(ctypes.pointer(self._child))
        self._calls = _Call(self._schema), _Call(lambda _stream, _array: 1)
        self._error, self._release = _Error(lambda _stream: None), _Release(lambda _stream: None)
        self._stream = _Stream(*self._calls, self._error, self._release, None)

    def _schema(self, _stream: Any, out: Any) -> int:
        schema = _Schema(format=b"+s", name=b"", n_children=1, children=self._children)
        ctypes.memmove(out, ctypes.byref(schema), ctypes.sizeof(_Schema))
        return 0

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return new(ctypes.addressof(self._stream), b"arrow_array_stream", None)
