using System.Globalization;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Nn;

/// <summary>
/// What was learned of half the digits helps with the other half, moved by one pixel, of which ten examples of each digit are known.
/// Both ways have the same network, optimizer, epochs and examples; they are tested on the 700 digits that neither saw.
/// </summary>
public sealed class DigitsTransferTests : IDisposable
{
    private const int Known = 10, Digits = 10, Side = 8, Seeds = 3;
    private const string Convolutions =
        "{ reshape: [ 8, 8, 1 ] }, { conv: 16, size: 3, padding: same }, { max-pool: 2 }, { conv: 32, size: 3, padding: same }, { average-pool: 2 }, { flatten: true }";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("cnn", Convolutions)]
    [InlineData("mlp", "{ dense: 64 }, { dense: 32 }")]
    public void Transfer_beats_training_from_scratch_with_ten_examples_a_class(string kind, string layers)
    {
        string still = Write("still.csv", 0, cells => cells), moved = Write("moved.csv", 1, Moved);
        double scratch = 0, transferred = 0;
        for (int seed = 1; seed <= Seeds; seed++)
        {
            string trained = Path.Combine(_folder.Path, $"{kind}-{seed}.cluster");
            Save(trained, Job(still, seed, $"kind: {kind}, layers: [ {layers} ]", "{ train: 1 }", 20));
            const string few = "{ train: 0.125, test: 0.875 }";
            scratch += Accuracy(Job(moved, seed, $"kind: {kind}, layers: [ {layers} ]", few, 60)) / Seeds;
            transferred += Accuracy(Job(moved, seed, $"kind: {kind}, start-from: '{trained}', layers: [ {layers} ]", few, 60)) / Seeds;
        }
        transferred.ShouldBeGreaterThan(scratch);
    }

    public void Dispose() => _folder.Dispose();

    private static JobSpec Job(string source, int seed, string model, string split, int epochs) => JobFile.Parse(
        FormattableString.Invariant(
            $"seed: {seed}\ndata: {{ source: '{source}', target: target, split: {split} }}\nmodel: {{ {model} }}\ntraining: {{ epochs: {epochs}, batch: 32, optimizer: {{ adam: {{ rate: 0.003 }} }} }}\n"),
        "digits.yaml", "/");

    private static double Accuracy(JobSpec job)
    {
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        data.Shape.TrainingExamples.ShouldBe(Digits * Known);
        return SequentialTrainer.Train(job, data).Test["accuracy"]!.Value;
    }

    private static void Save(string path, JobSpec job)
    {
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ModelFile.Write(path, new SavedModel(job, data.Shape, data.Preprocessing, SequentialTrainer.Train(job, data)));
    }

    /// <summary>Eighty rows of each digit, with pixels from 0 to 1: every second one in the file, from the first or from the second.</summary>
    private string Write(string name, int first, Func<double[], double[]> change)
    {
        string[] lines = File.ReadAllLines(RepositoryFiles.Example("digits.csv"));
        IEnumerable<string> rows = lines[1..].Select(line => line.Split(',')).GroupBy(cells => cells[^1])
            .SelectMany(digit => digit.Where((_, place) => place % 2 == first).Take(80))
            .Select(cells => string.Join(',', change([.. cells[..^1].Select(Unit)]).Select(pixel => pixel.ToString(CultureInfo.InvariantCulture)).Append(cells[^1])));
        return _folder.Write(name, string.Join('\n', rows.Prepend(lines[0])) + "\n");
    }

    private static double Unit(string pixel) => int.Parse(pixel, CultureInfo.InvariantCulture) / 16.0;

    private static double[] Moved(double[] pixels) => [.. pixels.Select((_, i) => i % Side == 0 ? 0 : pixels[i - 1])];
}
