using System.Diagnostics;
using Cluster.Ml.Numerics;

namespace Cluster.Benchmarks.Workers;

/// <summary>
/// How much more two threads get done than one, just now, where they share nothing: products of matrices that stay in the nearest caches. Two
/// processors of a virtual machine may be one core's two threads, and then are little more than one, from one second to the next.
/// </summary>
internal static class TwoProcessors
{
    private const int Size = 128, Rounds = 5;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    /// <summary>Products of two threads at once over those of one alone, in turn: 2 where each has a core of its own.</summary>
    public static double Measure()
    {
        long one = 0, two = 0;
        for (int round = 0; round < Rounds; round++)
        {
            one += Multiply();
            long other = 0;
            Thread second = new(() => other = Multiply()) { IsBackground = true, Name = "second" };
            second.Start();
            two += Multiply();
            second.Join();
            two += other;
        }
        return (double)two / one;
    }

    private static long Multiply()
    {
        GemmWorkspace workspace = new();
        float[] left = [.. Enumerable.Repeat(0.5f, Size * Size)], right = [.. left], result = new float[Size * Size];
        long products = 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Window; products++)
            MatrixProduct.Multiply(new MatrixView<float>(left, Size, Size), new MatrixView<float>(right, Size, Size), result, workspace);
        return products;
    }
}
