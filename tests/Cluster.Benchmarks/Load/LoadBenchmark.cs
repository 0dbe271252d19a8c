using System.Globalization;

namespace Cluster.Benchmarks.Load;

/// <summary>
/// What one more worker costs the process of seed and coordinator: the same small job with more and more worker processes, each time once
/// short and once long, so that the difference is that of training alone. `--quick` trains for a moment, to see that it runs.
/// </summary>
internal static class LoadBenchmark
{
    private const int StepsPerEpoch = 20, ShortEpochs = 2;
    private static readonly int[] Workers = [1, 2, 4, 8, 16];

    public static async Task<int> RunAsync(string[] arguments)
    {
        bool quick = arguments.Contains("--quick");
        int epochs = quick ? ShortEpochs + 1 : 62;
        Console.WriteLine("| worker processes | its processor time, ms a step | processor time to start and end, s | its memory at most, MB | model |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (int workers in quick ? Workers[..2] : Workers)
        {
            Finished brief = await TrainAsync(workers, ShortEpochs), full = await TrainAsync(workers, epochs);
            foreach (Finished finished in new[] { brief, full })
                if (finished.ExitCode != 0)
                {
                    Console.Error.WriteLine($"{finished.Command} ended with {finished.ExitCode}: {finished.Messages}");
                    return 1;
                }
            double step = (full.Used.ProcessorSeconds - brief.Used.ProcessorSeconds) / ((epochs - ShortEpochs) * StepsPerEpoch);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {workers} | {step * 1000:F2} | {brief.Used.ProcessorSeconds - (ShortEpochs * StepsPerEpoch * step):F1} | {full.Used.PeakMegabytes:F0} | {full.JsonLines[^1]["model_sha256"]!.GetValue<string>()[..8]} |"));
        }
        return 0;
    }

    // As many micro-batches as the most workers, so that each has one.
    private static async Task<Finished> TrainAsync(int workers, int epochs)
    {
        string folder = Directory.CreateTempSubdirectory("cluster-load-").FullName;
        try
        {
            return await MeasuredProcess.RunAsync("dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "cluster.dll"), "train", Path.Combine("deploy", "jobs", "digits-mlp.yaml"), "--json", "--out", folder,
                "--processes", "--workers", Text(workers), "--threads", "1", "--set", $"training.micro-batches={Workers[^1]}",
                "--set", $"training.epochs={Text(epochs)}", "--set", $"training.early-stopping.patience={Text(epochs)}",
            ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
