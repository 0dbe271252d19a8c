using System.Numerics;

namespace Cluster.Ml.Numerics.Simd;

/// <summary>The operations that a kernel may use, on one vector of some width; a kernel is written once over these.</summary>
/// <remarks>
/// Every operation acts on each lane alone and is exact in the sense of IEEE 754 (or acts on bits), so a kernel that
/// uses nothing else gives the same bits in every lane whatever the width: 16, 8, 4 floats, or 1 for what is left over.
/// </remarks>
/// <typeparam name="TVector">A vector of numbers, or a single one.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe interface ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Numbers in one vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(T* source);

    static abstract void Store(T* target, TVector value);

    static abstract TVector Broadcast(T value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    static abstract TVector Sqrt(TVector a);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract TVector Fma(TVector a, TVector b, TVector c);

    /// <summary>In each lane all bits set if a &lt; b; none if not, or if either is NaN.</summary>
    static abstract TVector LessThan(TVector a, TVector b);

    /// <summary>The bits of a if the mask is set, of b if it is not.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    static abstract TVector And(TVector a, TVector b);

    static abstract TVector Or(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>Adds the bits as whole numbers of the element's width.</summary>
    static abstract TVector AddBits(TVector a, TVector b);

    /// <summary>Subtracts the bits as whole numbers of the element's width.</summary>
    static abstract TVector SubtractBits(TVector a, TVector b);

    /// <summary>The product of the lower 32 bits of every lane's bits, taken as whole numbers without sign; of doubles only.</summary>
    static abstract TVector MultiplyBits(TVector a, TVector b);

    static abstract TVector ShiftLeft(TVector a, int bits);

    /// <summary>Shifts right and keeps the sign.</summary>
    static abstract TVector ShiftRight(TVector a, int bits);

    /// <summary>The whole number in every lane's bits, as a number: exact for |n| ≤ 2²² (float) or 2⁵¹ (double).</summary>
    static abstract TVector FromInteger(TVector a);

    /// <summary>Every lane with these bits; a float takes the lower 32.</summary>
    static abstract TVector Bits(long value);
}
