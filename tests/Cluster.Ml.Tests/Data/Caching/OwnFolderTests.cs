using System.Diagnostics;
using System.Runtime.Versioning;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Ml.Numerics;

namespace Cluster.Ml.Tests.Data.Caching;

/// <summary>A cache folder that others share: what is theirs is neither deleted nor believed, and they keep nobody from a cache.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OwnFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private string Shared => Path.Combine(_folder.Path, "shared");

    private RowStorage Mapped => new() { Folder = Shared, MemoryBytesMax = 0, FolderBytesMax = 200_000, Warn = _warnings.Add };

    private string FirstName => Path.Combine(Shared, $"cluster-data-{FileStatus.CurrentUser}");

    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _folder.Dispose();
    }

    [Fact]
    public void What_else_lies_there_stays_however_little_room_there_is()
    {
        string[] foreign =
        [
            Put(Shared, "thesis.txt"), Put(Shared, "photos/summer.png"), Put(Shared, $"{new string('a', 64)}-v1.rows"),
            Put(OwnFolder.Open(Shared), "notes.txt"), Put(OwnFolder.Open(Shared), "letters/mother.txt"),
        ];
        Load("breast_cancer.csv", "data.ignore=[mean_area]");

        Load("breast_cancer.csv");

        foreign.ShouldAllBe(path => File.ReadAllText(path) == "mine");
        Directory.GetFiles(OwnFolder.Open(Shared), "*.rows").ShouldHaveSingleItem();       // the older one made room
    }

    [Fact]
    public void Folder_and_files_are_closed_to_others_whatever_the_umask()
    {
        Load("iris.csv");

        File.GetUnixFileMode(FirstName).ShouldBe(PrivateFiles.FolderMode);
        string[] files = Directory.GetFiles(FirstName);
        files.Length.ShouldBeGreaterThan(2);
        files.ShouldAllBe(file => File.GetUnixFileMode(file) == PrivateFiles.FileMode);
    }

    [Fact]
    public void A_folder_of_ones_own_that_others_could_read_is_closed()
    {
        File.SetUnixFileMode(OwnFolder.Open(Shared), PrivateFiles.FolderMode | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        OwnFolder.Open(Shared).ShouldBe(FirstName);

        File.GetUnixFileMode(FirstName).ShouldBe(PrivateFiles.FolderMode);
    }

    [Theory]
    [InlineData("a link to a folder")]
    [InlineData("a link to nothing")]
    [InlineData("a file")]
    [InlineData("a folder without the mark")]
    [InlineData("a folder that others may write to")]
    public void A_name_that_somebody_took_is_passed_over_and_left_alone(string how)
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere")).FullName;
        string kept = Put(elsewhere, "kept.txt");
        Directory.CreateDirectory(Shared);
        switch (how)
        {
            case "a link to a folder": Directory.CreateSymbolicLink(FirstName, elsewhere); break;
            case "a link to nothing": File.CreateSymbolicLink(FirstName, Path.Combine(elsewhere, "none")); break;
            case "a file": File.WriteAllText(FirstName, "mine"); break;
            case "a folder without the mark": Put(FirstName, "letter.txt"); break;
            default: File.SetUnixFileMode(OwnFolder.Open(Shared), PrivateFiles.FolderMode | UnixFileMode.OtherWrite); break;
        }

        OwnFolder.Open(Shared).ShouldBe(FirstName + "-2");

        Directory.GetFileSystemEntries(elsewhere).ShouldBe([kept]);
    }

    [Fact]
    public void Folders_of_another_user_are_never_ones_own()
    {
        uint stranger = FileStatus.CurrentUser + 1;

        Should.Throw<IOException>(() => OwnFolder.Open(Shared, stranger)).Message.ShouldContain($"cluster-data-{stranger}");
    }

    [Fact]
    public void A_link_in_the_place_of_a_cache_is_not_followed()
    {
        string wanted = Load("iris.csv");
        string cache = Directory.GetFiles(FirstName, "*.rows").ShouldHaveSingleItem(), moved = Path.Combine(_folder.Path, "moved.rows");
        File.Move(cache, moved);
        File.CreateSymbolicLink(cache, moved);
        byte[] before = File.ReadAllBytes(moved);

        Load("iris.csv").ShouldBe(wanted);

        _warnings.ShouldHaveSingleItem().ShouldContain("got a link");
        File.ReadAllBytes(moved).ShouldBe(before);
        new FileInfo(cache).LinkTarget.ShouldBeNull();
    }

    [Fact]
    public void A_link_in_the_place_of_what_is_written_is_not_written_through()
    {
        string target = _folder.Write("target.txt", "mine");
        foreach (string name in new[] { "builder-0.part", "builder-0.part.targets" }) File.CreateSymbolicLink(Path.Combine(OwnFolder.Open(Shared), name), target);

        Load("iris.csv");

        File.ReadAllText(target).ShouldBe("mine");
    }

    [RootFact]
    public void Rows_that_another_user_forged_are_not_believed()
    {
        string wanted = Load("iris.csv");
        string cache = Directory.GetFiles(FirstName, "*.rows").ShouldHaveSingleItem();
        using Process given = Process.Start("chown", ["12345", cache])!;
        given.WaitForExit();

        Load("iris.csv").ShouldBe(wanted);

        _warnings.ShouldHaveSingleItem().ShouldContain("got one of user 12345");
        FileStatus.Of(cache).Owner.ShouldBe(0u);
    }

    private string Load(string example, params string[] settings) =>
        PreparedData.Load(DataJobs.Of(RepositoryFiles.Example(example), "softmax", settings), NumberKind.Float64, Mapped).Sha256;

    private static string Put(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "mine");
        return path;
    }
}

/// <summary>A test that gives files to another user, which only root may.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || FileStatus.CurrentUser != 0) Skip = "only root may give files away";
    }
}
