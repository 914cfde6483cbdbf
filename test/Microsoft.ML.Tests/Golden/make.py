#!/usr/bin/env python3
"""Writes grey.jpg, cmyk.jpg and colour.jpg: the colour models a JPEG can have, as small as they get (16 x 8 pixels, one
chroma block), in flat halves so that the expected colours are known. Uses TurboJPEG through ctypes."""
import ctypes
import pathlib

TJPF_RGB, TJPF_GRAY, TJPF_CMYK = 0, 6, 11
TJSAMP_444, TJSAMP_GRAY = 0, 3
WIDTH, HEIGHT = 16, 8

tj = ctypes.CDLL("libturbojpeg.so.0")
tj.tjInitCompress.restype = ctypes.c_void_p


def halves(left, right):
    return bytes(left * (WIDTH // 2) + right * (WIDTH // 2)) * HEIGHT


def write(name, pixels, pixel_format, subsampling):
    buffer, size = ctypes.POINTER(ctypes.c_ubyte)(), ctypes.c_ulong()
    handle = ctypes.c_void_p(tj.tjInitCompress())
    result = tj.tjCompress2(handle, pixels, WIDTH, 0, HEIGHT, pixel_format, ctypes.byref(buffer), ctypes.byref(size), subsampling, 100, 0)
    assert result == 0, name
    pathlib.Path(__file__).with_name(name).write_bytes(ctypes.string_at(buffer, size.value))


write("colour.jpg", halves([255, 0, 0], [0, 0, 255]), TJPF_RGB, TJSAMP_444)
write("grey.jpg", halves([40], [200]), TJPF_GRAY, TJSAMP_GRAY)
# Inks as Adobe writes them: 255 is none. Left: no cyan left out of the way of magenta and yellow = red; right: half-black white.
write("cmyk.jpg", halves([255, 0, 0, 255], [255, 255, 255, 128]), TJPF_CMYK, TJSAMP_444)
