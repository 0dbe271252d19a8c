using System.Text.RegularExpressions;
using Cluster.Ml.Data;
using Cluster.Ml.Export;
using Cluster.Ml.Tests.Data;

namespace Cluster.Ml.Tests.Export;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "below", "file.txt");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_old_content_stands_until_the_new_is_committed()
    {
        AtomicFile.Write(Path, file => file.Write("old"u8));
        using AtomicFile begun = AtomicFile.Begin(Path);
        begun.Content.Write("new"u8);

        File.ReadAllText(Path).ShouldBe("old");
        begun.Commit();

        File.ReadAllText(Path).ShouldBe("new");
        Files().ShouldBe([Path]);
    }

    [Fact]
    public void What_is_not_committed_leaves_nothing_behind()
    {
        AtomicFile.Write(Path, file => file.Write("old"u8));

        using (AtomicFile begun = AtomicFile.Begin(Path)) begun.Content.Write("half"u8);

        File.ReadAllText(Path).ShouldBe("old");
        Files().ShouldBe([Path]);
    }

    [Fact]
    public void A_leftover_of_an_earlier_death_is_replaced_and_only_the_owner_reads_the_file()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path + AtomicFile.PartSuffix, "much longer than what is written now");

        AtomicFile.Write(Path, file => file.Write("new"u8));

        File.ReadAllText(Path).ShouldBe("new");
        FileStatus.Of(Path).ShouldBe(new FileStatus(FileKind.Regular, FileStatus.CurrentUser, PrivateFiles.FileMode));
    }

    [Fact]
    public void No_other_code_gives_a_file_the_place_of_another()
    {
        string root = System.IO.Path.GetDirectoryName(RepositoryFiles.Path("Cluster.sln"))!;
        new[] { "Cluster.Coordinator", "Cluster.Messages", "Cluster.Ml", "Cluster.Seed", "Cluster.Worker" }
            .SelectMany(project => Directory.EnumerateFiles(System.IO.Path.Combine(root, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && Regex.IsMatch(File.ReadAllText(file), @"\bFile\.(Move|Replace)\("))
            .Select(System.IO.Path.GetFileName).ShouldBe(["AtomicFile.cs"]);
    }

    private string[] Files() => Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!);
}
