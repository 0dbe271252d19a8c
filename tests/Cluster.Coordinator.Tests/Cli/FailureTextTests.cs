using System.Net.Sockets;
using Cluster.Coordinator.Checkpoints;
using Cluster.Coordinator.Cli;
using Cluster.Ml.Export;
using Microsoft.Data.Sqlite;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>What the system refuses is said by place, wish, finding and advice, not in its own words.</summary>
public sealed class FailureTextTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-failures");

    private string File => Path.Combine(_folder.FullName, "rows.csv");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_in_the_place_of_a_file_is_called_so()
    {
        Directory.CreateDirectory(File);
        string told = $"{File}: wanted a file, got a folder; name a file.";

        Said(() => AtomicFile.Write(File, _ => { })).ShouldBe(told);
        Said(() => System.IO.File.ReadAllText(File)).ShouldBe(told);
    }

    [Fact]
    public void What_is_missing_or_in_the_way_is_called_so()
    {
        Said(() => System.IO.File.ReadAllText(File)).ShouldStartWith($"{File}: wanted a file, got none of this name; ");
        Said(() => System.IO.File.ReadAllText(Path.Combine(File, "below"))).ShouldContain("below: wanted a place that is there, got no such folder; ");
        System.IO.File.WriteAllText(File, "");
        Said(() => Directory.CreateDirectory(File)).ShouldStartWith($"{File}: wanted a folder, or a name that is free, got a file; ");
    }

    [Fact]
    public void A_place_that_takes_no_files_is_called_so() =>
        FailureText.Of(new FileNotFoundException("Could not find file '/proc/x.part'.", "/proc/x.part")).ShouldStartWith("/proc/x: wanted a place that takes new files, got one that does not; ");

    [Theory]
    [InlineData("No space left on device : '/srv/out.csv.part'", "/srv/out.csv: wanted room to write to it, got a full disk; ")]
    [InlineData("Read-only file system : '/srv/out.csv.part'", "/srv/out.csv: wanted a place that can be written to, got a read-only file system; ")]
    [InlineData("Value too large : '/srv/it's'", "/srv/it's: wanted to use it, got 'Value too large : '/srv/it's''; ")]
    [InlineData("broken pipe", "broken pipe")]
    public void Words_of_the_system_are_read(string message, string text) => FailureText.Of(new IOException(message)).ShouldStartWith(text);

    [Fact]
    public void An_address_in_use_is_named()
    {
        IOException error = new("Failed to bind to address http://127.0.0.1:4080: address already in use.", new IOException("in use", new SocketException((int)SocketError.AddressAlreadyInUse)));
        FailureText.Of(error).ShouldBe("http://127.0.0.1:4080: wanted an address to listen on, got one in use; end what listens there, or name another.");
    }

    [Theory]
    [InlineData(SocketError.AddressAlreadyInUse, "got one in use; ")]
    [InlineData(SocketError.AddressNotAvailable, "got one that this machine does not have; ")]
    [InlineData(SocketError.AccessDenied, "got one that only its administrator may use; ")]
    public void An_address_that_cannot_be_listened_on_is_told_apart(SocketError error, string text) =>
        FailureText.Of(new SocketException((int)error)).ShouldContain(text);

    [Theory]
    [InlineData(13, "a full disk")]
    [InlineData(10, "a disk that is full or broken")]
    [InlineData(26, "a file that is damaged, or no database")]
    [InlineData(1, "SQLite Error 1: 'x'")]
    public void A_database_is_described_without_numbers_where_they_are_known(int code, string text) =>
        StorageException.OfDatabase(new SqliteException($"SQLite Error {code}: 'x'.", code)).ShouldBe(text);

    private static string Said(Action refused) => FailureText.Of(Should.Throw<Exception>(refused));
}
