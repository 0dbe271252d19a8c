using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Jobs;
using Cluster.Ml.Nn;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data;

/// <summary>A stranger's job asks for what is none of its business: by its path, by a way round, by links, and by a link put there late.</summary>
public sealed class DataRootsTests : IDisposable
{
    private const string Rows = "a,target\n1,2\n3,4\n5,6\n7,8\n9,10\n11,12\n13,14\n";
    private readonly TemporaryFolder _folder = new();
    private readonly string _root;
    private readonly string _secret;
    private readonly DataRoots _roots;

    public DataRootsTests()
    {
        _root = Directory.CreateDirectory(Path.Combine(_folder.Path, "root")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder.Path, "root-not"));
        _folder.Write("root/rows.csv", Rows);
        _folder.Write("root-not/rows.csv", Rows);
        _secret = _folder.Write("secret.csv", Rows);
        _roots = new DataRoots([_root]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_lies_below_a_root_is_read()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "link.csv"), "rows.csv");

        foreach (string name in new[] { "rows.csv", "link.csv", "../root/rows.csv" })
        {
            JobSpec job = DataJobs.Of(Path.Combine(_root, name), "linear-regression");
            _roots.Require(job);
            _roots.Within(() => PreparedData.Load(job, NumberKind.Float64)).Training.Count.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [InlineData("secret.csv")]
    [InlineData("root/../secret.csv")]
    [InlineData("root-not/rows.csv")]
    [InlineData("none.csv")]
    [InlineData("root/link.csv")]
    [InlineData("root/relative.csv")]
    [InlineData("root/folder/secret.csv")]
    [InlineData("root/folder/../../root/circle")]
    public void What_leads_elsewhere_is_refused_whether_or_not_it_is_there(string path)
    {
        File.CreateSymbolicLink(Path.Combine(_root, "link.csv"), _secret);
        File.CreateSymbolicLink(Path.Combine(_root, "relative.csv"), "../secret.csv");
        Directory.CreateSymbolicLink(Path.Combine(_root, "folder"), _folder.Path);
        File.CreateSymbolicLink(Path.Combine(_root, "circle"), "circle");
        JobSpec job = DataJobs.Of(Path.Combine(_folder.Path, path), "linear-regression");

        BadInputException refused = Should.Throw<BadInputException>(() => _roots.Require(job));

        refused.Got.ShouldBe("a path elsewhere");
        refused.Wanted.ShouldStartWith("data.source below");
        Should.Throw<BadInputException>(() => _roots.Within(() => PreparedData.Load(job, NumberKind.Float64)));
    }

    [Fact]
    public void A_link_that_is_put_there_after_the_job_was_looked_at_is_refused_when_it_is_opened()
    {
        string path = Path.Combine(_root, "rows.csv");
        JobSpec job = DataJobs.Of(path, "linear-regression");
        _roots.Require(job);
        File.Delete(path);
        File.CreateSymbolicLink(path, _secret);

        Should.Throw<BadInputException>(() => _roots.Within(() => PreparedData.Load(job, NumberKind.Float64))).Got.ShouldBe("a path elsewhere");
    }

    [Fact]
    public void A_folder_of_images_whose_files_are_links_to_elsewhere_is_refused()
    {
        SomeIdx.Write(_folder, images: 60, testImages: 0, height: 3, width: 3, packed: false);
        string images = Directory.CreateDirectory(Path.Combine(_root, "images")).FullName;
        foreach (string file in Directory.GetFiles(_folder.Path, "*ubyte*")) File.CreateSymbolicLink(Path.Combine(images, Path.GetFileName(file)), file);
        JobSpec job = SomeIdx.Job(images, "softmax");

        _roots.Require(job);

        Should.Throw<BadInputException>(() => _roots.Within(() => PreparedData.Load(job, NumberKind.Float32))).Got.ShouldBe("a path elsewhere");
    }

    [Fact]
    public void Every_path_of_a_job_is_looked_at()
    {
        JobSpec job = DataJobs.Of(Path.Combine(_root, "rows.csv"), "linear-regression");
        DataSpec data = job.Data;
        TextSpec text = new(TextUnit.Word, 100, 1, _secret);

        foreach (JobSpec asked in new[]
        {
            job with { Data = data with { AdaptTo = _secret } },
            job with { Data = data with { Text = text } },
            job with { Model = new ModelSpec("mlp", new NetworkOptions { StartFrom = _secret }) },
        })
        {
            Should.Throw<BadInputException>(() => _roots.Require(asked)).File.ShouldBe(_secret);
        }
        DataRoots.PathsOf(job with { Data = data with { AdaptTo = "b", Text = text }, Model = new ModelSpec("mlp", new NetworkOptions { StartFrom = "d" }) }).Select(named => named.Key)
            .ShouldBe(["data.source", "data.adapt-to", "data.test-source", "model.start-from"]);
    }

    [Fact]
    public void A_model_elsewhere_is_not_opened()
    {
        BadInputException refused = Should.Throw<BadInputException>(() => _roots.Within(() => ModelFile.Read(_secret)));

        refused.Got.ShouldBe("a path elsewhere");
    }

    [Fact]
    public void Of_the_runs_models_alone_may_be_read_even_below_a_root()
    {
        string runs = Directory.CreateDirectory(Path.Combine(_root, "runs", "first")).Parent!.FullName;
        DataRoots roots = new([_root], runs, "model.cluster");

        roots.Allows(Path.Combine(runs, "journal.db")).ShouldBeFalse();
        roots.Allows(Path.Combine(runs, "token")).ShouldBeFalse();
        roots.Allows(Path.Combine(runs, "first", "model.cluster")).ShouldBeTrue();
        roots.Allows(Path.Combine(_root, "rows.csv")).ShouldBeTrue();
        new DataRoots([], runs, "model.cluster").Allows(Path.Combine(_root, "rows.csv")).ShouldBeFalse();
    }

    [Fact]
    public void What_is_read_for_nobodys_job_is_not_limited()
    {
        _roots.Within(() => 0).ShouldBe(0);

        RegularFile.ReadAllBytes(_secret).Length.ShouldBe(Rows.Length);
    }
}
