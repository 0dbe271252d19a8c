using Cluster.Ml.Data;
using Cluster.Ml.Evaluation;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Nn;

public class TransferLearningTests
{
    private const string Rows = "data: { source: rows.csv, target: target }\n";
    private const string Source = Rows + "model: { kind: mlp, layers: [ { dense: 8, activation: tanh }, { dense: 5 } ] }\n";

    [Fact]
    public void The_first_layers_begin_as_they_were_trained_and_stay_so_where_they_are_frozen()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "source.cluster");
        float[] trained = WriteSource(path);
        NetworkLearner learner = Learner($"model: {{ kind: mlp, start-from: '{path}', layers: [ {{ dense: 8, activation: tanh, frozen: true }}, {{ dense: 6 }} ] }}\n", classes: 2);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength), optimizerState = new(NumberKind.Float32, learner.OptimizerStateLength);
        learner.Initialize(state, optimizerState);
        const int first = 7 * 8;                                                 // the second layer has another width: it starts anew
        state.Floats[..first].ToArray().ShouldBe(trained[..first]);
        float[] before = state.Floats.ToArray();

        MicroBatch[] batches = SomeNetwork.Batches(SomeNetwork.Shard(SomeNetwork.Rows(20, 6, 2)), 20);
        learner.Update(state, optimizerState, SomeNetwork.Contribution(learner, state, batches), SomeNetwork.FirstStep);
        state.Floats[..first].ToArray().ShouldBe(trained[..first]);
        state.Floats[first..].ToArray().ShouldNotBe(before[first..]);
    }

    [Fact]
    public void The_last_layer_starts_anew_even_where_it_would_fit()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "source.cluster");
        float[] trained = WriteSource(path);
        NetworkLearner learner = Learner(Source[Rows.Length..].Replace("kind: mlp", $"kind: mlp, start-from: '{path}'", StringComparison.Ordinal), classes: 3);
        NumericBuffer state = new(NumberKind.Float32, learner.StateLength);
        learner.Initialize(state, new NumericBuffer(NumberKind.Float32, learner.OptimizerStateLength));
        const int kept = (7 * 8) + (9 * 5);
        state.Floats[..kept].ToArray().ShouldBe(trained[..kept]);
        state.Floats[kept..].ToArray().ShouldNotBe(trained[kept..]);
    }

    [Fact]
    public void A_model_without_a_common_first_layer_and_a_missing_one_are_refused()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "source.cluster");
        WriteSource(path);
        Refused($"model: {{ kind: mlp, start-from: '{path}', layers: [ {{ dense: 9 }} ] }}\n", "a first layer of 63 parameters");
        Refused($"model: {{ kind: mlp, start-from: '{path}.none', layers: [ {{ dense: 9 }} ] }}\n", "no such file");

        static void Refused(string model, string text) =>
            Should.Throw<BadInputException>(() => Learner(model, 3).LoadStart()).Message.ShouldContain(text);
    }

    private static NetworkLearner Learner(string model, int classes) =>
        NetworkLearner.Create(JobFile.Parse(Rows + model, "job.yaml", "/"), SomeNetwork.Shape(6, classes), 0);

    private static float[] WriteSource(string path)
    {
        JobSpec spec = JobFile.Parse(Source, "source.yaml", "/");
        DataShape shape = SomeNetwork.Shape(6, 3);
        NumericBuffer state = SomeNetwork.Start(NetworkLearner.Create(spec, shape, 0), 0.5);
        Preprocessing preprocessing = new(shape.FeatureNames, "target", TargetKind.Class, shape.Classes, Scaler.Identity, null);
        ModelFile.Write(path, new SavedModel(spec, shape, preprocessing, new TrainedModel(
            state, CourseStatus.Completed, 1, 1, Metrics.None, Metrics.None, Metrics.None, null, null)));
        return state.Floats.ToArray();
    }
}
