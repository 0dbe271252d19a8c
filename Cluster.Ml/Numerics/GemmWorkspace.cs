using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cluster.Ml.Numerics;

/// <summary>The packing buffers of matrix products on one thread. They grow to the largest product seen, then stay.</summary>
/// <remarks>Range  not safe for two threads at once</remarks>
public sealed class GemmWorkspace
{
    /// <summary>Room for one register tile at each level of a summation tree of 2³⁰ segments, and one for edges.</summary>
    private const int TileBytes = 12 * 128, Tiles = 32;

    private readonly NumericBuffer _tiles = new(NumberKind.Float32, Tiles * TileBytes / sizeof(float));
    private NumericBuffer _left = new(NumberKind.Float32, 0);
    private NumericBuffer _factor = new(NumberKind.Float32, 0);
    private NumericBuffer _right = new(NumberKind.Float32, 0);
    private NumericBuffer _frames = new(NumberKind.Float32, 0);
    private NumericBuffer _scratch = new(NumberKind.Float32, 0);

    /// <summary>Room for packed parts of the left matrix. Pinned and aligned for as long as the workspace lives.</summary>
    internal unsafe T* Left<T>(long numbers)
        where T : unmanaged => Room<T>(ref _left, numbers);

    /// <summary>Room for packed parts of the right matrix.</summary>
    internal unsafe T* Right<T>(long numbers)
        where T : unmanaged => Room<T>(ref _right, numbers);

    /// <summary>Room for padded images.</summary>
    internal unsafe T* Frames<T>(long numbers)
        where T : unmanaged => Room<T>(ref _frames, numbers);

    /// <summary>Room for a right factor that stays packed over several products.</summary>
    internal unsafe T* Factor<T>(long numbers)
        where T : unmanaged => Room<T>(ref _factor, numbers);

    /// <summary>Room for what lies between two products; no product uses it.</summary>
    internal Span<float> Scratch(int numbers)
    {
        if (_scratch.Length < numbers) _scratch = new NumericBuffer(NumberKind.Float32, numbers);
        return _scratch.Floats[..numbers];
    }

    /// <summary>Room for register tiles: the edge tile, then one for each level of the tree.</summary>
    internal unsafe T* TilesOf<T>()
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_tiles.Bytes));

    private static unsafe T* Room<T>(ref NumericBuffer buffer, long numbers)
        where T : unmanaged
    {
        long floats = numbers * sizeof(T) / sizeof(float);
        if (buffer.Length < floats) buffer = new NumericBuffer(NumberKind.Float32, checked((int)floats));
        return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Bytes));
    }
}
