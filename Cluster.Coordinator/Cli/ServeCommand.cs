using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Cluster.Coordinator.Serving;
using Cluster.Messages.Node;
using Cluster.Messages.Node.Http;

namespace Cluster.Coordinator.Cli;

/// <summary>`serve MODEL… [--port N]`: models behind HTTP, until Ctrl-C.</summary>
internal sealed class ServeCommand
{
    private const int DeadlineSecondsMax = 600, BatchRowsMax = 4096, DelayMillisecondsMax = 1000, ThreadsMax = 256, RowsMax = 1 << 20, BodyMebibytesMax = 1024;
    private static readonly ServingOptions s_defaults = new();

    private readonly Argument<string[]> _models = new("MODEL")
    {
        Description = "A model file, the folder of a run, or a folder of versions 1/, 2/ and so on; PATH, or NAME=PATH.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int> _port = new("--port") { Description = "The port; 0 for a free one.", DefaultValueFactory = _ => s_defaults.Address.Port };
    private readonly Option<string> _address = new("--address") { Description = "The IPv4 address to listen on; beyond loopback only with --token-file.", DefaultValueFactory = _ => s_defaults.Address.Host };
    private readonly Option<string?> _token = new("--token-file") { Description = "The file of the token that callers must show as Authorization: Bearer." };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "The PEM file of the certificate that the server shows, and of those between it and its authority; the server then speaks TLS." };
    private readonly Option<string?> _key = new("--certificate-key") { Description = "The PEM file of the certificate's private key." };
    private readonly Option<int> _batch = new("--batch") { Description = "Rows that are predicted together.", DefaultValueFactory = _ => s_defaults.BatchRows };
    private readonly Option<int> _delay = new("--delay") { Description = "Milliseconds that a batch waits for more rows.", DefaultValueFactory = _ => (int)s_defaults.BatchDelay.TotalMilliseconds };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads that predict, of each model.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private readonly Option<int> _rows = new("--rows") { Description = "Rows of one request at most.", DefaultValueFactory = _ => s_defaults.RowsMax };
    private readonly Option<int> _body = new("--body") { Description = "MiB of a request's body at most.", DefaultValueFactory = _ => (int)(s_defaults.BodyBytesMax >> 20) };
    private readonly Option<int> _deadline = new("--deadline") { Description = "Seconds that a request may take.", DefaultValueFactory = _ => (int)s_defaults.Deadline.TotalSeconds };
    private readonly Option<int> _watch = new("--watch") { Description = "Seconds between two looks at the model files; 0 for looks on SIGHUP alone.", DefaultValueFactory = _ => (int)s_defaults.Watch.TotalSeconds };
    private readonly Option<bool> _json = new("--json") { Description = "Prints one JSON object with the address once the models are ready." };

    public static Command Create(Terminal terminal)
    {
        ServeCommand serve = new();
        serve._port.Require(value => value is >= 0 and <= 65535, "0 to 65535");
        serve._batch.Require(value => value is >= 1 and <= BatchRowsMax, $"1 to {BatchRowsMax}");
        serve._delay.Require(value => value is >= 0 and <= DelayMillisecondsMax, $"0 to {DelayMillisecondsMax}");
        serve._threads.Require(value => value is >= 1 and <= ThreadsMax, $"1 to {ThreadsMax}");
        serve._rows.Require(value => value is >= 1 and <= RowsMax, $"1 to {RowsMax}");
        serve._body.Require(value => value is >= 1 and <= BodyMebibytesMax, $"1 to {BodyMebibytesMax}");
        serve._deadline.Require(value => value is >= 1 and <= DeadlineSecondsMax, $"1 to {DeadlineSecondsMax}");
        serve._watch.Require(value => value is >= 0 and <= 86_400, "0 to 86400");
        Command command = new("serve", "Answers requests for predictions over HTTP, until Ctrl-C.") { serve._models };
        foreach (Option option in new Option[]
        {
            serve._port, serve._address, serve._token, serve._certificate, serve._key, serve._batch, serve._delay, serve._threads, serve._rows, serve._body, serve._deadline, serve._watch, serve._json,
        })
            command.Add(option);
        command.SetAction((parsed, _) => serve.RunAsync(terminal, parsed));
        return command;
    }

    private async Task<int> RunAsync(Terminal terminal, ParseResult parsed)
    {
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        ModelSource[] sources = [.. parsed.GetRequiredValue(_models).Select(ModelSource.Parse)];
        ServingServer? server = null;
        using PosixSignalRegistration? again = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            server?.Reload();
        });
        server = await ServingServer.StartAsync(sources, Options(parsed), terminal.Say);
        await using (server)
        {
            Show(terminal, server, parsed.GetValue(_json));
            await told.Task;
            terminal.Say("the server ends when the requests in flight are answered (once more to end at once).");
        }
        return ExitCode.Success;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (!told.TrySetResult()) ProcessEnd.Now(ExitCode.Interrupted);
        }
    }

    private ServingOptions Options(ParseResult parsed)
    {
        string host = parsed.GetValue(_address)!;
        bool isAddress = IPAddress.TryParse(host == "localhost" ? "127.0.0.1" : host, out IPAddress? address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        if (!isAddress) throw new CommandFailedException(ExitCode.Usage, $"{_address.Name}: wanted an IPv4 address or localhost, got '{host}'.");
        (string? certificate, string? key) = (parsed.GetValue(_certificate), parsed.GetValue(_key));
        if (certificate is null != key is null)
            throw new CommandFailedException(ExitCode.Usage, $"{_certificate.Name} and {_key.Name}: wanted both or none, got one.");
        byte[] token;
        X509Certificate2Collection? certificates;
        try
        {
            token = HttpToken.Read(parsed.GetValue(_token), _token.Name);
            certificates = certificate is null ? null : HttpCertificate.Read(certificate, key!, $"{_certificate.Name} or {_key.Name}");
        }
        catch (BadNodeOptionsException bad)
        {
            throw new CommandFailedException(ExitCode.BadInput, bad.Message);
        }
        if (!IPAddress.IsLoopback(address!) && token.Length == 0)
            throw new CommandFailedException(ExitCode.Usage, $"{_address.Name}: wanted a token for {host}, which other machines reach, got none; name its file with {_token.Name}.");
        return s_defaults with
        {
            Address = new NodeAddress(host, parsed.GetValue(_port)),
            Token = token,
            Certificates = certificates,
            BatchRows = parsed.GetValue(_batch),
            BatchDelay = TimeSpan.FromMilliseconds(parsed.GetValue(_delay)),
            Threads = parsed.GetValue(_threads),
            RowsMax = parsed.GetValue(_rows),
            BodyBytesMax = (long)parsed.GetValue(_body) << 20,
            Deadline = TimeSpan.FromSeconds(parsed.GetValue(_deadline)),
            Watch = TimeSpan.FromSeconds(parsed.GetValue(_watch)),
        };
    }

    private static void Show(Terminal terminal, ServingServer server, bool json)
    {
        if (json)
        {
            JsonObject models = [];
            foreach ((string name, ImmutableSortedDictionary<int, ModelBatcher> versions) in server.Shelf.Models)
                models[name] = new JsonArray([.. versions.Keys.Select(version => (JsonNode)version)]);
            terminal.Json(new JsonObject { ["http"] = server.Address.ToString(), ["tls"] = server.IsTls, ["models"] = models });
            return;
        }
        terminal.Result($"listens on {(server.IsTls ? "https" : "http")}://{server.Address}");
        foreach ((string name, ImmutableSortedDictionary<int, ModelBatcher> versions) in server.Shelf.Models)
            foreach (ModelBatcher version in versions.Values)
                terminal.Result($"{name} version {version.Model.VersionText}: {version.Model.Saved.Spec.Model.Kind} of {Counted.Of(version.Model.Columns, "column")}");
        terminal.Result("ready; Ctrl-C ends it.");
    }
}
