using System.Diagnostics;
using System.Text;
using Cluster.Ml.Data;

namespace Cluster.Ml.Tests.Data;

/// <summary>A pipe that nobody writes to would block its reader for ever, and a device has no end: they are refused, not opened.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_and_a_link_to_it_are_read()
    {
        string file = _folder.Write("rows.csv", "a,b\n1,2\n"), link = Path.Combine(_folder.Path, "link.csv");
        File.CreateSymbolicLink(link, file);

        Encoding.UTF8.GetString(RegularFile.ReadAllBytes(file)).ShouldBe("a,b\n1,2\n");
        RegularFile.ReadAllBytes(link).ShouldBe(RegularFile.ReadAllBytes(file));
    }

    [Theory]
    [InlineData("pipe", FileKind.Pipe)]
    [InlineData("link to a pipe", FileKind.Pipe)]
    [InlineData("/dev/zero", FileKind.Device)]
    [InlineData("folder", FileKind.Folder)]
    public void Anything_else_is_refused_without_waiting(string what, FileKind kind)
    {
        string path = Make(what);

        NotRegularFileException refused = Should.Throw<NotRegularFileException>(() => RegularFile.Open(path));

        refused.Kind.ShouldBe(kind);
        refused.Message.ShouldStartWith(path);
    }

    [Fact]
    public void Faults_are_the_runtimes_own_and_name_the_path()
    {
        string missing = Path.Combine(_folder.Path, "none"), below = Path.Combine(missing, "file");

        Should.Throw<FileNotFoundException>(() => RegularFile.Open(missing)).Message.ShouldContain(missing);
        Should.Throw<DirectoryNotFoundException>(() => RegularFile.Open(below)).Message.ShouldContain(below);
    }

    [Fact]
    public void A_file_that_another_writes_is_refused_by_its_own_name()
    {
        string file = _folder.Write("rows.csv", "a");
        using FileStream writer = new(file, FileMode.Open, FileAccess.Write, FileShare.None);

        Should.Throw<IOException>(() => RegularFile.Open(file)).Message.ShouldContain(file);
    }

    [Fact]
    public void A_data_source_that_is_a_pipe_is_bad_input()
    {
        BadInputException refused = Should.Throw<BadInputException>(() => DataReader.Open(Make("pipe")));

        refused.Wanted.ShouldBe("a file");
        refused.Got.ShouldBe("a pipe");
    }

    private string Make(string what)
    {
        if (what[0] == '/') return what;
        string path = Path.Combine(_folder.Path, "thing"), link = Path.Combine(_folder.Path, "link");
        if (what == "folder") return Directory.CreateDirectory(path).FullName;
        using Process made = Process.Start("mkfifo", [path])!;
        made.WaitForExit();
        made.ExitCode.ShouldBe(0);
        if (what == "pipe") return path;
        File.CreateSymbolicLink(link, path);
        return link;
    }
}
