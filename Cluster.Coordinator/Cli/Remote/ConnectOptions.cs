using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Cli.Remote;

/// <summary>The flags by which a verb finds a running cluster.</summary>
internal sealed class ConnectOptions
{
    private const int SecondsMax = 3600;
    private readonly Option<string?> _connect;
    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "The file of the token that the cluster wants (default: the one that CLUSTER_HTTP_TOKEN_FILE names, else that of your `cluster up` at this address).",
    };

    private readonly Option<string?> _authority = new("--authority")
    {
        Description = "The PEM file of who signed the certificate of an https:// API (default: those that this machine trusts).",
    };

    private readonly Option<int> _deadline = new("--deadline")
    {
        Description = $"Seconds in which the cluster must answer, 1 to {SecondsMax}.",
        DefaultValueFactory = _ => 15,
    };

    /// <param name="byDefault">Where the cluster is when no flag says so; null if the verb then needs none.</param>
    public ConnectOptions(string? byDefault)
    {
        _connect = new("--connect")
        {
            Description = byDefault is null
                ? "HOST:PORT, or https://HOST:PORT, of a running cluster's HTTP API, to run the job there."
                : "HOST:PORT, or https://HOST:PORT, of the cluster's HTTP API.",
        };
        if (byDefault is not null) _connect.DefaultValueFactory = _ => byDefault;
        _connect.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !(NodeAddress.TryParse(WithoutScheme(result.Tokens[0].Value), out NodeAddress address) && address.Port > 0))
                result.AddError($"--connect: wanted HOST:PORT or https://HOST:PORT, got '{result.Tokens[0].Value}'.");
        });
        _deadline.Require(value => value is >= 1 and <= SecondsMax, $"1 to {SecondsMax}");
    }

    public void AddTo(Command command)
    {
        command.Add(_connect);
        command.Add(_tokenFile);
        command.Add(_authority);
        command.Add(_deadline);
    }

    /// <summary>Whether a cluster is named.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_connect) is not null;

    /// <summary>A way to the cluster.</summary>
    /// <exception cref="CommandFailedException">The token or the authority cannot be read.</exception>
    public ClusterApi Open(ParseResult parsed)
    {
        string address = parsed.GetValue(_connect)!;
        string? file = parsed.GetValue(_tokenFile)
            ?? (Environment.GetEnvironmentVariable("CLUSTER_HTTP_TOKEN_FILE") is { Length: > 0 } named ? named : null)
            ?? (NodeAddress.TryParse(address, out NodeAddress known) ? KnownTokens.Find(known) : null);
        return new ClusterApi(address, file is null ? null : ReadToken(file), TimeSpan.FromSeconds(parsed.GetValue(_deadline)),
            parsed.GetValue(_authority) is { } authority ? ReadAuthorities(authority) : null);
    }

    private static string WithoutScheme(string address) => address.StartsWith(ClusterApi.TlsScheme, StringComparison.Ordinal) ? address[ClusterApi.TlsScheme.Length..] : address;

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        try
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(path);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailedException(ExitCode.Usage, $"--authority: wanted a PEM file of certificates, got {path}: {error.Message}");
        }
    }

    private static string ReadToken(string path)
    {
        try
        {
            string token = File.ReadAllText(path).Trim();
            return token.Length > 0 && token.All(c => c is > ' ' and <= '~') ? token
                : throw new CommandFailedException(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"{path}: wanted a token of visible characters, got another text."));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.Usage, $"--token-file: wanted a file that can be read, got: {error.Message}");
        }
    }
}
