"""Writes the NumPy arrays of this folder, by NumPy 1.24."""
import os
import numpy

here = os.path.dirname(os.path.abspath(__file__))
x = numpy.array([[1.5, -2, 0.25], [3, 4, 5e-3], [numpy.nan, 7, 8], [9, 10, 11]])
numpy.save(os.path.join(here, "doubles.npy"), x)
numpy.save(os.path.join(here, "big_endian.npy"), x[:, :2].astype(">f4"))
numpy.save(os.path.join(here, "fortran.npy"), numpy.asfortranarray(x))
numpy.save(os.path.join(here, "objects.npy"), numpy.array([{}, 1], dtype=object), allow_pickle=True)
for name in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "bool"):
    numpy.save(os.path.join(here, f"{name}.npy"), numpy.array([[0, 1], [1, 0]] if name == "bool" else [[0, 1], [100, 2]], dtype=name))
numpy.savez_compressed(
    os.path.join(here, "table.npz"), x=x, colour=numpy.array(["red", "grün", "", "red"]), size=numpy.array([b"S", b"M", b"S", b"S"]),
    y=numpy.array([1, 0, 1, 0], dtype="i8"), flag=numpy.array([[True], [False], [True], [True]]))
numpy.savez(os.path.join(here, "uneven.npz"), x=x, y=numpy.zeros(3))
