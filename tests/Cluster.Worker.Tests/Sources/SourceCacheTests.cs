using System.Collections.Immutable;
using System.Security.Cryptography;
using Cluster.Messages;
using Cluster.Messages.Wire;
using Cluster.Ml.Data;
using Cluster.Ml.Data.Caching;
using Cluster.Worker.Sources;

namespace Cluster.Worker.Tests.Sources;

public sealed class SourceCacheTests
{
    private static readonly byte[] Content = [1, 2, 3, 4, 5];

    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-source-cache").FullName;

    [Fact]
    public void A_source_is_found_when_it_is_whole_and_not_before()
    {
        ImmutableArray<SourceFile> files = [FileOf("rows.csv", Content), FileOf("test/rows.csv", Content)];
        SourceCache cache = Cache(bytesMax: 2 * Content.Length);
        cache.Begin(files).ShouldBeNull();
        cache.Store(files, Block(0, Content)).ShouldBeTrue();
        cache.Finish(files).ShouldNotBeNull().ShouldContain("SHA-256");
        cache.Find(files).ShouldBeNull();

        cache.Store(files, Block(1, Content)).ShouldBeTrue();
        cache.Finish(files).ShouldBeNull();

        File.ReadAllBytes(Path.Combine(cache.Find(files)!, "test", "rows.csv")).ShouldBe(Content);
    }

    [Fact]
    public void A_damaged_block_is_refused()
    {
        ImmutableArray<SourceFile> files = [FileOf("rows.csv", Content)];
        Cache().Begin(files).ShouldBeNull();

        Cache().Store(files, Block(0, Content) with { Block = new TensorPayload(PayloadKind.Bytes, new byte[] { 1, 2, 3, 4, 6 }) }).ShouldBeFalse();
    }

    [Fact]
    public void A_source_that_was_damaged_on_disk_is_not_used()
    {
        ImmutableArray<SourceFile> files = Fetched("rows.csv", Content);
        File.WriteAllBytes(Path.Combine(Cache().Find(files)!, "rows.csv"), [9, 9, 9, 9, 9]);

        Cache().Find(files).ShouldBeNull();
    }

    [Fact]
    public void The_oldest_source_makes_room_and_one_that_can_never_fit_is_refused()
    {
        ImmutableArray<SourceFile> first = Fetched("rows.csv", Content);

        Fetched("other.csv", Content);

        Cache().Find(first).ShouldBeNull();
        Cache().Begin([FileOf("large.csv", new byte[9])]).ShouldNotBeNull().ShouldContain("at most 8 bytes");
    }

    [Fact]
    public void What_else_lies_in_the_folder_stays_and_copies_are_closed_to_others()
    {
        string[] foreign = [Path.Combine(_folder, "thesis.txt"), Path.Combine(OwnFolder.Open(_folder), "notes.txt"), Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "photos")).FullName, "a.png")];
        foreach (string path in foreign) File.WriteAllText(path, "mine");
        Fetched("rows.csv", Content);

        ImmutableArray<SourceFile> files = Fetched("other.csv", Content);

        foreign.ShouldAllBe(path => File.ReadAllText(path) == "mine");
        string copy = Cache().Find(files)!;
        FileStatus.Of(copy).Mode.ShouldBe(PrivateFiles.FolderMode);
        FileStatus.Of(Path.Combine(copy, "other.csv")).Mode.ShouldBe(PrivateFiles.FileMode);
    }

    [Fact]
    public void A_link_in_the_place_of_a_copy_is_not_read()
    {
        ImmutableArray<SourceFile> files = Fetched("rows.csv", Content);
        string copy = Path.Combine(Cache().Find(files)!, "rows.csv"), elsewhere = Path.Combine(_folder, "elsewhere.csv");
        File.Move(copy, elsewhere);
        File.CreateSymbolicLink(copy, elsewhere);

        Cache().Find(files).ShouldBeNull();

        File.ReadAllBytes(elsewhere).ShouldBe(Content);
    }

    [Theory]
    [InlineData("../rows.csv")]
    [InlineData("/rows.csv")]
    [InlineData("a/b/rows.csv")]
    [InlineData("..")]
    [InlineData("")]
    public void A_name_that_leads_out_of_the_cache_is_refused(string name) =>
        Cache().Begin([FileOf(name, Content)]).ShouldNotBeNull().ShouldContain("plain names");

    private ImmutableArray<SourceFile> Fetched(string name, byte[] content)
    {
        ImmutableArray<SourceFile> files = [FileOf(name, content)];
        Cache().Begin(files).ShouldBeNull();
        Cache().Store(files, Block(0, content)).ShouldBeTrue();
        Cache().Finish(files).ShouldBeNull();
        return files;
    }

    private SourceCache Cache(int bytesMax = 8) => new(Some.Worker, _folder, bytesMax);

    private static SourceFile FileOf(string name, byte[] content) => new(name, content.Length, Hash(content));

    private static SourceRead Block(int file, byte[] content) => new(Some.Job, file, 0, Hash(content), new TensorPayload(PayloadKind.Bytes, content));

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
