using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Numerics;
using Cluster.Ml.Tests.Data;
using Cluster.Ml.Tests.Export.Onnx;

namespace Cluster.Ml.Tests.Nn;

/// <summary>What a network begins with that starts from tensors of another program.</summary>
public sealed class PretrainedWeightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("npz")]
    [InlineData("safetensors")]
    public void An_exported_network_begins_where_it_ended(string format)
    {
        (SavedModel saved, string path) = Exported(format);

        Start("digits-mlp", $"model.start-from={path}").ShouldBe(saved.Model.State.Floats.ToArray());
    }

    [Fact]
    public void A_last_layer_of_another_shape_starts_anew_and_other_layers_are_taken()
    {
        (SavedModel saved, string path) = Exported("npz");

        float[] start = Start("digits-mlp", $"model.start-from={path}", "data.classes=[0, 1, 2]");

        const int shared = ((64 + 1) * 128) + ((128 + 1) * 64);      // the layers below the last
        float[] trained = saved.Model.State.Floats.ToArray();
        int same = start.Zip(trained).TakeWhile(pair => pair.First == pair.Second).Count();
        same.ShouldBeGreaterThanOrEqualTo(shared);
        start.Length.ShouldBeLessThan(trained.Length);
    }

    [Fact]
    public void Another_shape_below_the_last_layer_is_refused_with_both()
    {
        (_, string path) = Exported("safetensors");

        string message = Should.Throw<BadInputException>(() => Start("digits-mlp", $"model.start-from={path}", "model.layers=[{dense: 7}, {dropout: 0.1}, {dense: 64}]")).Message;

        message.ShouldContain("'layers.0.weight' of [64, 7]");
        message.ShouldContain("got [64, ");
    }

    [Fact]
    public void Tensors_of_other_names_are_refused_with_both_lists()
    {
        (SavedModel saved, _) = OnnxFormatTests.Train("iris-pca", "");
        string path = Path.Combine(_folder, "other.npz");
        ExportFormat.Of("npz").Write(path, saved, new ExportOptions());

        string message = Should.Throw<BadInputException>(() => Start("digits-mlp", $"model.start-from={path}")).Message;

        message.ShouldContain("layers.0.weight");
        message.ShouldContain("components");
    }

    [Fact]
    public void A_file_that_is_absent_is_told_with_its_path() =>
        Should.Throw<BadInputException>(() => Start("digits-mlp", $"model.start-from={Path.Combine(_folder, "none.npz")}")).Message.ShouldContain("none.npz");

    private (SavedModel Saved, string Path) Exported(string format)
    {
        (SavedModel saved, _) = OnnxFormatTests.Train("digits-mlp", "training.epochs=1");
        string path = Path.Combine(_folder, $"start.{format}");
        ExportFormat.Of(format).Write(path, saved, new ExportOptions());
        return (saved, path);
    }

    private static float[] Start(string job, params string[] settings)
    {
        JobSpec spec = JobFile.Read(RepositoryFiles.Path("deploy", "jobs", $"{job}.yaml"), settings);
        PreparedData data = PreparedData.Load(spec, Learners.NumbersFor(spec));
        ILearner learner = Learners.CreateAlone(spec, data.Shape);
        NumericBuffer state = new(learner.Numbers, learner.StateLength), optimizerState = new(learner.Numbers, learner.OptimizerStateLength);
        learner.Initialize(state, optimizerState);
        return state.Floats.ToArray();
    }
}
