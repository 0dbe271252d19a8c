using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Security.Attacks;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Security.Attacks.Evasion;

namespace Cluster.Ml.Tests.Security.Defences;

/// <summary>Networks that learn from rows which are changed against them.</summary>
public sealed class AdversarialRowsTests
{
    private const string Model = "{ kind: mlp, layers: [ { dense: 64 } ] }";

    [Theory]
    [InlineData("{ kind: pgd, epsilon: 0.15, steps: 5 }")]
    [InlineData("{ kind: fgsm, epsilon: 0.15 }")]
    public void A_network_that_was_trained_against_an_attack_withstands_it(string adversarial)
    {
        const string rest = "epochs: 40, batch: 32, optimizer: { adam: { rate: 0.003 } }";
        double plain = Attacked($"{{ {rest} }}", out double clean), hardened = Attacked($"{{ {rest}, adversarial: {adversarial} }}", out double stays);

        clean.ShouldBeGreaterThan(0.95);
        stays.ShouldBeGreaterThan(clean - 0.05);
        hardened.ShouldBeGreaterThan(plain + 0.2);
    }

    [Fact]
    public void A_row_is_changed_alone_whatever_stands_beside_it()
    {
        JobSpec job = Job("{ epochs: 2, batch: 32, adversarial: { epsilon: 0.1, steps: 2 } }");
        PreparedData data = PreparedData.Load(job, Learners.NumbersFor(job));
        ILearner learner = Learners.Create(job, data.Shape);
        NumericBuffer state = new(learner.Numbers, learner.StateLength), optimizerState = new(learner.Numbers, learner.OptimizerStateLength);
        learner.Initialize(state, optimizerState);
        MicroBatch[] batches = [.. Enumerable.Range(0, 8).Select(shard => BatchPlan.For(job, data.Shape.TrainingExamples, false).CreateSampler(data.Shard(shard, 8)).MicroBatch(0, 0, null))];
        NumericBuffer whole = new(learner.Numbers, learner.ContributionLength);
        learner.CreateContributor().Contribute(state, batches, whole, new StepContext(0, 0, 1));

        NumericBuffer[] parts = [.. batches.Select(batch =>
        {
            NumericBuffer part = new(learner.Numbers, learner.ContributionLength);
            learner.CreateContributor().Contribute(state, new[] { batch }, part, new StepContext(0, 0, 1));
            return part;
        })];
        for (int width = 1; width < parts.Length; width *= 2)
            for (int first = 0; first < parts.Length; first += 2 * width) learner.Combine(parts[first], parts[first + width]);

        parts[0].Bytes.SequenceEqual(whole.Bytes).ShouldBeTrue();
    }

    [Theory]
    [InlineData("{ kind: tree }", "{ adversarial: { epsilon: 0.1 } }")]
    [InlineData("{ kind: autoencoder, encoder: [ { dense: 8 } ] }", "{ adversarial: { epsilon: 0.1 } }")]
    [InlineData("{ kind: softmax }", "{ adversarial: { epsilon: -0.1 } }")]
    [InlineData("{ kind: softmax }", "{ adversarial: { kind: fgsm, epsilon: 0.1, steps: 3 } }")]
    public void What_cannot_be_is_refused(string model, string training) =>
        Should.Throw<BadInputException>(() => JobFile.Parse($"data: {{ source: rows.csv }}\nmodel: {model}\ntraining: {training}\n", "job.yaml", "/"));

    private static double Attacked(string training, out double clean)
    {
        AttackReport report = AttackRegistry.Find("pgd")!.Run(SomeVictim.TargetOf(SomeVictim.Train(Model, training), 300), new AttackSettings { Epsilon = 2.4, Steps = 20 });
        clean = report.Figures["clean_accuracy"]!.GetValue<double>();
        return report.Figures["attacked_accuracy"]!.GetValue<double>();
    }

    private static JobSpec Job(string training) => JobFile.Parse(
        $"data: {{ source: '{RepositoryFiles.Example("digits.csv")}', target: target, scale: {{ minmax: [ 0, 16 ] }} }}\nmodel: {Model}\ntraining: {training}\n", "job.yaml", "/");
}
