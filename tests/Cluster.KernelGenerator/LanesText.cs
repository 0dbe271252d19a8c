namespace Cluster.KernelGenerator;

/// <summary>The source of vector operations of so many bits.</summary>
internal static class LanesText
{
    /// <summary>The file's text.</summary>
    /// <param name="bits">128, 256 or 512.</param>
    /// <param name="processors">Which processors have such vectors.</param>
    /// <param name="families">The namespaces of their instructions.</param>
    /// <param name="products">Instructions that multiply the lower halves of 64-bit numbers, each with its condition.</param>
    public static string Of(int bits, string processors, string[] families, (string Condition, string Product)[] products) => $$"""
        using System.Numerics;
        using System.Runtime.CompilerServices;
        using System.Runtime.Intrinsics;
        {{Usings(families)}}

        namespace Cluster.Ml.Numerics.Simd;

        {{Generated.Notice}}
        /// <summary>{{bits}} bits at a time: {{processors}}.</summary>
        internal readonly unsafe struct Lanes{{bits}}<T> : ILanes<Vector{{bits}}<T>, T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            public static int Count => Vector{{bits}}<T>.Count;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Load(T* source) => Vector{{bits}}.Load(source);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static void Store(T* target, Vector{{bits}}<T> value) => Vector{{bits}}.Store(value, target);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Broadcast(T value) => Vector{{bits}}.Create(value);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Add(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => a + b;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Subtract(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => a - b;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Multiply(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => a * b;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Divide(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => a / b;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Sqrt(Vector{{bits}}<T> a) => Vector{{bits}}.Sqrt(a);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Fma(Vector{{bits}}<T> a, Vector{{bits}}<T> b, Vector{{bits}}<T> c) => typeof(T) == typeof(float)
                ? Vector{{bits}}.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
                : Vector{{bits}}.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> LessThan(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => Vector{{bits}}.LessThan(a, b);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Select(Vector{{bits}}<T> mask, Vector{{bits}}<T> a, Vector{{bits}}<T> b) => Vector{{bits}}.ConditionalSelect(mask, a, b);

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> And(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => a & b;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Or(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => a | b;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Xor(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => a ^ b;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> AddBits(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => typeof(T) == typeof(float)
                ? (a.AsInt32() + b.AsInt32()).As<int, T>()
                : (a.AsInt64() + b.AsInt64()).As<long, T>();

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> SubtractBits(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => typeof(T) == typeof(float)
                ? (a.AsInt32() - b.AsInt32()).As<int, T>()
                : (a.AsInt64() - b.AsInt64()).As<long, T>();

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> MultiplyBits(Vector{{bits}}<T> a, Vector{{bits}}<T> b) => {{Products(products)}}
                : ((a.AsUInt64() & Vector{{bits}}.Create((ulong)uint.MaxValue)) * (b.AsUInt64() & Vector{{bits}}.Create((ulong)uint.MaxValue))).As<ulong, T>();

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> ShiftLeft(Vector{{bits}}<T> a, int bits) => typeof(T) == typeof(float)
                ? (a.AsInt32() << bits).As<int, T>()
                : (a.AsInt64() << bits).As<long, T>();

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> ShiftRight(Vector{{bits}}<T> a, int bits) => typeof(T) == typeof(float)
                ? (a.AsInt32() >> bits).As<int, T>()
                : (a.AsInt64() >> bits).As<long, T>();

            // Adding the bits to those of 1.5·2²³ (1.5·2⁵²) writes the integer into the fraction; subtracting takes it out again.
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> FromInteger(Vector{{bits}}<T> a) => typeof(T) == typeof(float)
                ? AddBits(a, Broadcast(T.CreateTruncating(12582912f))) - Broadcast(T.CreateTruncating(12582912f))
                : AddBits(a, Broadcast(T.CreateTruncating(6755399441055744.0))) - Broadcast(T.CreateTruncating(6755399441055744.0));

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector{{bits}}<T> Bits(long value) => typeof(T) == typeof(float)
                ? Vector{{bits}}.Create((int)value).As<int, T>()
                : Vector{{bits}}.Create(value).As<long, T>();
        }

        """;

    private static string Usings(string[] families) => string.Join('\n', families.Select(family => $"using System.Runtime.Intrinsics.{family};"));

    private static string Products((string Condition, string Product)[] products) =>
        string.Join("\n        : ", products.Select((product, i) => $"{product.Condition}{(i == 0 ? "\n        " : " ")}? {product.Product}.As<ulong, T>()"));
}
