using System.Diagnostics;
using System.Globalization;
using Cluster.Coordinator.Cli;
using Cluster.Messages.Node;
using Cluster.Ml.Numerics;

namespace Cluster.Coordinator.Bench;

/// <summary>Products of single-precision matrices: rows of the product shared out among the threads.</summary>
internal sealed record ProductTask() : BenchTask("sgemm", "products of float matrices: 2048 cubed and the layers of the reference networks")
{
    private const double OperationsAtLeast = 2e6;     // one time is of so many products that it takes about 20 µs, as the peer's are
    private const double OperationsPerThread = 2e6;   // with less to do, a product is over before another thread has woken up
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1), QuickDuration = TimeSpan.FromSeconds(0.05);

    /// <summary>Rows, columns and inner length: square sizes, then the layers of the networks at their batch sizes.</summary>
    private static readonly (int Rows, int Columns, int Inner)[] Shapes =
    [
        (2048, 2048, 2048), (512, 512, 512), (256, 256, 256), (128, 256, 784), (128, 784, 256), (128, 128, 256), (128, 10, 128),
        (64, 64, 64), (32, 1024, 256), (1, 256, 784), (128, 2048, 2048), (640, 512, 128), (64, 64, 1024),
        (128, 400, 784), (128, 784, 400), (700, 13_777, 128), (700, 128, 13_777),
    ];

    /// <inheritdoc/>
    public override Task<IReadOnlyList<BenchRow>> RunAsync(BenchSettings settings, Terminal terminal)
    {
        using ComputePool pool = new(settings.Threads, "sgemm");
        List<BenchRow> rows = [];
        foreach ((int m, int n, int k) in Shapes)
        {
            List<double> times = Measure(new Product(m, n, k, settings.Threads), pool, settings.Quick ? QuickDuration : Duration);
            double median = Median(times), work = 2e-9 * m * n * k;
            rows.Add(new BenchRow(string.Create(CultureInfo.InvariantCulture, $"sgemm-{m}x{n}x{k}"), "", median, "s",
                [("gflops", work / median), ("gflops_best", work / times.Min())]));
        }
        return Task.FromResult<IReadOnlyList<BenchRow>>(rows);
    }

    private static List<double> Measure(Product product, ComputePool pool, TimeSpan duration)
    {
        const int warmUps = 3, timesAtLeast = 3;
        int inner = Math.Max(1, (int)(OperationsAtLeast / product.Operations));
        for (int i = 0; i < warmUps; i++) product.Run(pool);
        List<double> times = [];
        for (long start = Stopwatch.GetTimestamp(); times.Count < timesAtLeast || Stopwatch.GetElapsedTime(start) < duration;)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < inner; i++) product.Run(pool);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds / inner);
        }
        return times;
    }

    /// <summary>C = A·B, a thread for each part of the rows; the calling thread takes the last.</summary>
    private sealed class Product
    {
        private readonly int _rows, _columns, _inner;
        private readonly NumericBuffer _left, _right, _result;
        private readonly GemmWorkspace[] _workspaces;
        private readonly Task[] _parts;

        public Product(int rows, int columns, int inner, int threads)
        {
            (_rows, _columns, _inner) = (rows, columns, inner);
            (_left, _right) = (new NumericBuffer(NumberKind.Float32, rows * inner), new NumericBuffer(NumberKind.Float32, inner * columns));
            _result = new NumericBuffer(NumberKind.Float32, rows * columns);
            _left.Floats.Fill(0.5f);
            _right.Floats.Fill(0.25f);
            int parts = Math.Clamp((int)(Operations / OperationsPerThread), 1, Math.Min(threads, rows));
            _workspaces = [.. Enumerable.Range(0, parts).Select(_ => new GemmWorkspace())];
            _parts = new Task[_workspaces.Length - 1];
        }

        public double Operations => 2.0 * _rows * _columns * _inner;

        public void Run(ComputePool pool)
        {
            for (int part = 0; part < _parts.Length; part++)
            {
                int index = part;
                _parts[part] = pool.Run(() => Multiply(index));
            }
            Multiply(_parts.Length);
            Task.WaitAll(_parts);
        }

        private bool Multiply(int part)
        {
            int first = part * _rows / _workspaces.Length, end = (part + 1) * _rows / _workspaces.Length;
            MatrixView<float> left = new(_left.Floats[(first * _inner)..], end - first, _inner), right = new(_right.Floats, _inner, _columns);
            MatrixProduct.Multiply(left, right, _result.Floats[(first * _columns)..], _workspaces[part]);
            return true;
        }
    }
}
