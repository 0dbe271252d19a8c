using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Privacy;

namespace Cluster.Ml.Tests.Privacy;

/// <summary>
/// A stranger holds two models of the same job and seed whose data differ in one row, and takes one from the other: where both have
/// the same noise, what is left is that row's clipped gradient, however large the noise.
/// </summary>
public sealed class NeighbourAttackTests : IDisposable
{
    private const double Clip = 0.5, Noise = 50, Rate = 1;
    private const int Batch = 60;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-neighbour");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void With_a_fresh_secret_each_the_noise_stays()
    {
        double[] difference = Difference(null, null);

        // Two independent noises of 50 · 0.5: the difference of each parameter has their deviation, √2 times that of one.
        double deviation = Math.Sqrt(difference.Sum(d => d * d) / difference.Length) * Batch / Rate;
        deviation.ShouldBeInRange(0.5 * Math.Sqrt(2) * Noise * Clip, 1.5 * Math.Sqrt(2) * Noise * Clip);
    }

    [Fact]
    public void With_one_secret_known_to_both_the_row_s_gradient_is_left()
    {
        double[] difference = Difference(SomeSecret.One, SomeSecret.One);

        // The row and the one in its place: two gradients, each of the clipping norm at most. The attack works, so the test above can fail.
        (Math.Sqrt(difference.Sum(d => d * d)) * Batch / Rate).ShouldBeInRange(0.1 * Clip, (2 * Clip) + 0.01);
    }

    [Fact]
    public void The_seed_alone_repeats_nothing()
    {
        (JobSpec job, PreparedData data) = Load("same", 1.5);

        SequentialTrainer.Train(job, data).Sha256.ShouldNotBe(SequentialTrainer.Train(job, data).Sha256);
        SequentialTrainer.Train(job, data, secret: SomeSecret.One).Sha256.ShouldBe(SequentialTrainer.Train(job, data, secret: SomeSecret.One).Sha256);
    }

    private double[] Difference(PrivacySecret? first, PrivacySecret? second)
    {
        (JobSpec job, PreparedData data) = Load("a", 1.5);
        (JobSpec neighbour, PreparedData other) = Load("b", -2.5);
        float[] a = SequentialTrainer.Train(job, data, secret: first).State.Floats.ToArray();
        float[] b = SequentialTrainer.Train(neighbour, other, secret: second).State.Floats.ToArray();
        return [.. a.Zip(b, (x, y) => (double)x - y)];
    }

    private (JobSpec Job, PreparedData Data) Load(string name, double last)
    {
        string path = Path.Combine(_folder.FullName, $"{name}.csv");
        IEnumerable<string> rows = Enumerable.Range(0, Batch - 1).Select(i => FormattableString.Invariant($"{Math.Sin(i * 1.3):F3},{Math.Cos(i * 2.1):F3},{(i % 2 == 0 ? "yes" : "no")}"));
        File.WriteAllLines(path, [.. rows.Prepend("a,b,target"), FormattableString.Invariant($"{last},0.25,yes")]);
        JobSpec job = JobFile.Parse(
            $"name: attack\nseed: 42\ndata: {{ source: '{path}', split: {{ train: 1 }}, classes: [ no, yes ] }}\nmodel: {{ kind: softmax }}\n"
            + FormattableString.Invariant($"training: {{ epochs: 1, batch: {Batch}, micro-batches: 1, optimizer: {{ sgd: {{ rate: {Rate} }} }} }}\n")
            + FormattableString.Invariant($"privacy: {{ clip: {Clip}, noise: {Noise} }}\n"), "attack.yaml", "/");
        return (job, PreparedData.Load(job, NumberKind.Float32));
    }
}
