using Cluster.Ml.Data;
using Cluster.Ml.Jobs;
using Cluster.Ml.Learning;
using Cluster.Ml.Nn;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>Rows of another domain, whose targets nothing gets to know.</summary>
public sealed class OtherDomainTests : IDisposable
{
    private const string Known = "a,b,target\n1,0,x\n0,1,y\n2,0,x\n0,2,y\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_the_file_says_of_their_targets_gives_the_same_data_and_the_same_model()
    {
        string[] others =
        [
            "a,b,target\n1,1,x\n3,1,y\n1,3,x\n", "a,b,target\n1,1,y\n3,1,x\n1,3,y\n", "a,b,target\n1,1,unheard-of\n3,1,\n1,3,7\n",
            "a,b\n1,1\n3,1\n1,3\n", "target,b,a\nx,1,1\nx,1,3\nx,3,1\n",
        ];
        TrainedModel[] models = [.. others.Select(text => SequentialTrainer.Train(Job(text), Load(text)))];
        models.Select(model => model.Sha256).Distinct().Count().ShouldBe(1);
        others.Select(text => Load(text).Sha256).Distinct().Count().ShouldBe(1);

        SequentialTrainer.Train(Job("a,b\n1,1\n3,1\n1,4\n"), Load("a,b\n1,1\n3,1\n1,4\n")).Sha256.ShouldNotBe(models[0].Sha256);      // the features do count
    }

    [Fact]
    public void They_are_learned_from_and_never_measured()
    {
        PreparedData data = Load("a,b,target\n1,1,x\n3,1,y\n1,3,x\n");
        data.Shape.TrainingExamples.ShouldBe(7);
        data.Shape.UnlabelledExamples.ShouldBe(3);
        data.Shape.Classes.ShouldBe(["x", "y"]);
        TrainingShard shard = data.Shard(0, 1);
        shard.Rows.ToArray().ShouldBe([0, 1, 2, 3, 4, 5, 6]);
        shard.Table.Targets.ShouldBe([0, 1, 0, 1, double.NaN, double.NaN, double.NaN]);
        shard.Table.FloatsOf(5).ToArray().ShouldBe([3, 1]);
        data.Training.Order.ToArray().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void They_are_scaled_by_what_the_rows_of_the_source_say()
    {
        JobSpec job = Job("a,b\n4,1\n", "data.scale=minmax");
        PreparedData.Load(job, NumberKind.Float32).Shard(0, 1).Table.FloatsOf(4).ToArray().ShouldBe([2, 0.5f]);
    }

    [Fact]
    public void Other_columns_are_refused_and_named() =>
        Should.Throw<BadInputException>(() => Load("a,c\n1,1\n")).Message.ShouldContain("the feature column 'b'");

    [Fact]
    public void Their_files_are_copied_with_those_of_the_source_and_found_again()
    {
        JobSpec job = Job("a,b\n1,1\n");
        SourceFiles.Of(job.Data).Select(file => file.Name).ShouldBe(["known.csv", "adapt/known.csv"]);
        string copy = Path.Combine(_folder.Path, "copy");
        Directory.CreateDirectory(Path.Combine(copy, "adapt"));
        foreach (NamedFile file in SourceFiles.Of(job.Data)) File.Copy(file.Path, Path.Combine(copy, file.Name));
        JobSpec moved = SourceFiles.Moved(job, copy);
        moved.Data.AdaptTo.ShouldBe(Path.Combine(copy, "adapt", "known.csv"));
        PreparedData.Load(moved, NumberKind.Float32).Sha256.ShouldBe(PreparedData.Load(job, NumberKind.Float32).Sha256);
    }

    [Theory]
    [InlineData("data.adapt-to=null", "without data.adapt-to")]
    [InlineData("model.adapt=null", "without model.adapt")]
    [InlineData("model={ kind: softmax, adapt: { layers: [] } }", "with kind: softmax")]
    [InlineData("privacy={ clip: 1, noise: 1, delta: 1e-5 }", "with privacy")]
    [InlineData("model.adapt.from=none", "the name of a layer of model.layers")]
    [InlineData("model.adapt.weight=-1", "a number from 0 to 100")]
    public void What_does_not_belong_together_is_refused(string setting, string text) =>
        Should.Throw<BadInputException>(() => Job("a,b\n1,1\n", setting)).Message.ShouldContain(text);

    [Fact]
    public void The_text_of_a_job_reads_back_as_the_same_job()
    {
        JobSpec job = Job("a,b\n1,1\n", "model.adapt.from=trunk", "model.adapt.weight=0.25");
        job.Model.As<NetworkOptions>().Adapt!.From.ShouldBe("trunk");
        JobSpec again = JobFile.Parse(job.Text, "job.yaml", "/elsewhere");
        again.Text.ShouldBe(job.Text);
        again.Data.AdaptTo.ShouldBe(job.Data.AdaptTo);
        again.Model.As<NetworkOptions>().Adapt!.Weight.ShouldBe(0.25);
    }

    private PreparedData Load(string other) => PreparedData.Load(Job(other), NumberKind.Float32);

    private JobSpec Job(string other, params string[] settings)
    {
        string source = _folder.Write("known.csv", Known);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "other"));
        string adaptTo = _folder.Write("other/known.csv", other);
        return JobFile.Parse(
            $"data: {{ source: '{source}', split: {{ train: 1.0 }}, adapt-to: '{adaptTo}' }}\n"
            + "model: { kind: mlp, layers: [ { dense: 3, activation: tanh, name: trunk } ], adapt: { layers: [ { dense: 2, activation: tanh } ] } }\ntraining: { epochs: 2, batch: 8 }\n",
            "job.yaml", "/", settings);
    }
}
