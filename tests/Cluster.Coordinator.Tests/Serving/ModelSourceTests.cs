using Cluster.Coordinator.Serving;
using Cluster.Ml.Data;

namespace Cluster.Coordinator.Tests.Serving;

public sealed class ModelSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-source-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("model.cluster", null, "model.cluster")]
    [InlineData("digits=runs/a", "digits", "runs/a")]
    [InlineData("/a b=c/d", null, "/a b=c/d")]
    [InlineData("a.b-c_1=x=y", "a.b-c_1", "x=y")]
    public void A_name_stands_before_the_first_sign_of_equality(string text, string? name, string path) =>
        ModelSource.Parse(text).ShouldBe(new ModelSource(name, Path.GetFullPath(path)));

    [Fact]
    public void A_folder_of_numbers_holds_versions_in_their_order()
    {
        foreach (string version in new[] { "0010", "2", "x", "0", "9999999999" }) Put(version);
        _folder.CreateSubdirectory("3");

        new ModelSource(null, _folder.FullName).Places().Select(place => place.Version).ShouldBe([2, 10]);
    }

    [Fact]
    public void A_folder_with_a_model_is_that_model()
    {
        Put("");
        Put("1");

        new ModelSource(null, _folder.FullName).Places().ShouldBe([new ModelPlace(Path.Combine(_folder.FullName, "model.cluster"), null)]);
    }

    [Fact]
    public void A_folder_without_any_is_refused() =>
        Should.Throw<BadInputException>(() => new ModelSource(null, _folder.FullName).Places()).Message.ShouldContain("in folders named 1, 2 and so on");

    private void Put(string folder)
    {
        string path = Path.Combine(_folder.FullName, folder);
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "model.cluster"), "");
    }
}
