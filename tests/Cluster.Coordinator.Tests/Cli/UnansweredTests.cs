using System.Net;
using System.Net.Sockets;
using Cluster.Coordinator.Cli;

namespace Cluster.Coordinator.Tests.Cli;

/// <summary>Every verb that talks to a cluster ends in bounded time with exit code 4, whatever is, or is not, at the other end.</summary>
public sealed class UnansweredTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string[] s_verbs = ["status", "jobs", "submit JOB", "watch job", "cancel job", "resume job", "train JOB"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-unanswered-");

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string> Verbs => [.. s_verbs];

    [Fact]
    public void Every_verb_that_connects_is_tried() => CommandLine.Root(new Terminal(TextWriter.Null, TextWriter.Null, interactive: false)).Subcommands
        .Where(verb => verb.Options.Any(option => option.Name == "--connect")).Select(verb => verb.Name)
        .ShouldBe(s_verbs.Select(verb => verb.Split(' ')[0]), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_peer_that_accepts_and_never_answers(string verb)
    {
        using TcpListener peer = new(IPAddress.Loopback, 0);
        peer.Start();

        (int code, string said) = await RunAsync(verb, peer.LocalEndpoint.ToString()!);

        code.ShouldBe(ExitCode.Unreachable);
        said.ShouldContain(peer.LocalEndpoint.ToString()!);
        said.ShouldContain("--deadline");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Nobody_listening(string verb)
    {
        // Bound, so that nobody else can take the port meanwhile, and not listening.
        using Socket nobody = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string address = nobody.LocalEndPoint!.ToString()!;

        (int code, string said) = await RunAsync(verb, address);

        code.ShouldBe(ExitCode.Unreachable);
        said.ShouldContain(address);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_peer_that_speaks_another_language(string verb)
    {
        using TcpListener peer = new(IPAddress.Loopback, 0);
        peer.Start();
        Task answering = AnswerAsync(peer, "220 mail.example ESMTP\r\n");

        (int code, _) = await RunAsync(verb, peer.LocalEndpoint.ToString()!);

        code.ShouldBe(ExitCode.Unreachable);
        await answering.WaitAsync(Deadline);
    }

    private async Task<(int Code, string Said)> RunAsync(string verb, string address)
    {
        string job = Path.Combine(_folder.FullName, "job.yaml");
        await File.WriteAllTextAsync(job, TestData.Linear);
        StringWriter results = new(), messages = new();
        string[] arguments = [.. verb.Replace("JOB", job, StringComparison.Ordinal).Split(' '), "--connect", address, "--deadline", "1"];
        int code = await CommandLine.RunAsync(arguments, new Terminal(results, messages, interactive: false)).WaitAsync(Deadline);
        return (code, messages.ToString());
    }

    private static async Task AnswerAsync(TcpListener peer, string line)
    {
        using TcpClient client = await peer.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(line));
    }
}
