using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cluster.Ml.Numerics.Simd;

/// <summary>One number at a time: what is left over at the end of a span.</summary>
internal readonly unsafe struct Lanes1<T> : ILanes<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(T* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, T value) => *target = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Broadcast(T value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add(T a, T b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Subtract(T a, T b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Multiply(T a, T b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Divide(T a, T b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sqrt(T a) => T.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fma(T a, T b, T c) => T.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LessThan(T a, T b) => Of(a < b ? -1L : 0L);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Select(T mask, T a, T b) => Of((To(mask) & To(a)) | (~To(mask) & To(b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T And(T a, T b) => Of(To(a) & To(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Or(T a, T b) => Of(To(a) | To(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Xor(T a, T b) => Of(To(a) ^ To(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AddBits(T a, T b) => Of(To(a) + To(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SubtractBits(T a, T b) => Of(To(a) - To(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyBits(T a, T b) => Of((long)((ulong)(uint)To(a) * (uint)To(b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ShiftLeft(T a, int bits) => Of(To(a) << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ShiftRight(T a, int bits) => Of(To(a) >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromInteger(T a) => T.CreateTruncating(To(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Bits(long value) => Of(value);

    private static long To(T value) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<T, int>(value)
        : Unsafe.BitCast<T, long>(value);

    private static T Of(long value) => typeof(T) == typeof(float)
        ? Unsafe.BitCast<int, T>((int)value)
        : Unsafe.BitCast<long, T>(value);
}
