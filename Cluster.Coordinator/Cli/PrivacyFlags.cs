using System.CommandLine;
using Cluster.Coordinator.Local;
using Cluster.Ml.Privacy;

namespace Cluster.Coordinator.Cli;

/// <summary>The flags of private runs.</summary>
internal sealed class PrivacyFlags
{
    private readonly Option<string?> _secret = new("--privacy-secret-file")
    {
        Description = "Repeats a private run exactly: a file with its secret, 64 hexadecimal digits. Whoever has it can take the noise off the model (default: a fresh secret).",
    };

    private readonly Option<string?> _ledger = new("--privacy-ledger")
    {
        Description = "The file that counts what all private runs spend of each data set (default: cluster/privacy-ledger.db in $XDG_STATE_HOME or ~/.local/state).",
    };

    /// <summary>The ledger of this user's runs.</summary>
    public static string LedgerDefault => Path.GetFullPath(Path.Combine(StateFolder(), "cluster", "privacy-ledger.db"));

    public void AddTo(Command command)
    {
        command.Add(_secret);
        command.Add(_ledger);
    }

    /// <summary>The cluster, with what the flags say of private runs.</summary>
    /// <exception cref="Ml.Data.BadInputException">The file with the secret cannot be used.</exception>
    public LocalClusterOptions Of(ParseResult parsed, LocalClusterOptions cluster) => cluster with
    {
        Secret = parsed.GetValue(_secret) is { } path ? PrivacySecret.ReadFile(path) : null,
        PrivacyLedger = parsed.GetValue(_ledger) is { } ledger ? Path.GetFullPath(ledger) : LedgerDefault,
    };

    private static string StateFolder() => Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".local", "state");
}
