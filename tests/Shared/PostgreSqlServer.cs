using System.Diagnostics;
using Npgsql;

namespace Cluster.Tests.Shared;

/// <summary>
/// A PostgreSQL server of the tests' own: in a temporary folder, reached through a socket in it, gone when the tests are done.
/// Where the machine has none, tests are skipped with the reason; on a build server (CI=true) they fail.
/// </summary>
public sealed class PostgreSqlServer : IDisposable
{
    /// <summary>The password of its only user, so that tests can look for it where it must not be.</summary>
    public const string Password = "open-sesame-4711";

    private const string User = "trainer";
    private const string ServerUser = "postgres";
    private const int PatienceSeconds = 120;
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromSeconds(2 * PatienceSeconds);
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(PatienceSeconds);

    private readonly string? _absence;
    private readonly string _binaries = "";
    private readonly string _folder = "";
    private int _databases;

    public PostgreSqlServer()
    {
        _absence = FindBinaries(out _binaries);
        if (_absence is not null) return;
        _folder = Path.Combine(Path.GetTempPath(), "pg-" + Guid.NewGuid().ToString("N")[..12]);
        AsServer("mkdir", "-m", "700", _folder);
        string passwords = Path.Combine(_folder, "password");
        AsServer("sh", "-c", $"echo {Password} > {passwords}");
        AsServer(
            Path.Combine(_binaries, "initdb"), "-D", Data, "-U", User, "-A", "scram-sha-256", $"--pwfile={passwords}",
            "--no-sync", "--no-instructions", "--encoding=UTF8", "--no-locale");
        Start();
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A new empty database's connection string.</summary>
    public string NewDatabase()
    {
        RequirePresence();
        string name = "test" + Interlocked.Increment(ref _databases);
        using NpgsqlConnection connection = Connect();
#pragma warning disable CA2100 // The name is a number.
        using NpgsqlCommand create = new($"CREATE DATABASE {name}", connection);
#pragma warning restore CA2100
        create.ExecuteNonQuery();
        return ConnectionTo(name);
    }

    /// <summary>Skips the test if there is no server; fails it where there must be one.</summary>
    public void RequirePresence()
    {
        if (_absence is null) return;
        if (Environment.GetEnvironmentVariable("CI") is "true") throw new InvalidOperationException($"PostgreSQL: wanted a server, as CI=true, got none: {_absence}");
        Skip.If(true, _absence);
    }

    /// <summary>Starts it again after <see cref="Stop"/>.</summary>
    public void Start() => AsServer(
        Path.Combine(_binaries, "pg_ctl"), "-D", Data, "-w", "-t", $"{PatienceSeconds}", "-l", Path.Combine(_folder, "log"),
        "-o", $"-c listen_addresses= -c unix_socket_directories={_folder} -c fsync=off -c max_connections=60", "start");

    /// <summary>Ends all its connections, without a farewell where it crashes.</summary>
    public void Stop(bool crash) => AsServer(
        Path.Combine(_binaries, "pg_ctl"), "-D", Data, "-w", "-t", $"{PatienceSeconds}", "-m", crash ? "immediate" : "fast", "stop");

    public void Dispose()
    {
        if (_absence is not null) return;
        Stop(crash: true);
        AsServer("rm", "-rf", _folder);
    }

    // On a machine whose processors are all taken a connection may fail through no fault of the server's: then another is tried.
    private NpgsqlConnection Connect()
    {
        for (long begun = Stopwatch.GetTimestamp(); ;)
        {
            NpgsqlConnection connection = new(ConnectionTo("postgres"));
            try
            {
                connection.Open();
                return connection;
            }
            catch (NpgsqlException late) when (late.InnerException is TimeoutException && Stopwatch.GetElapsedTime(begun) < ConnectDeadline)
            {
                connection.Dispose();
            }
        }
    }

    private string ConnectionTo(string database) =>
        $"Host={_folder};Database={database};Username={User};Password={Password};Pooling=false;Timeout={PatienceSeconds};Command Timeout={PatienceSeconds}";

    private static string? FindBinaries(out string folder)
    {
        const string versions = "/usr/lib/postgresql";
        string[] found = Directory.Exists(versions)
            ? [.. Directory.GetDirectories(versions).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order()]
            : [];
        folder = found.LastOrDefault("");
        return found.Length > 0 ? null : $"no PostgreSQL server is installed below {versions} (package postgresql)";
    }

    /// <summary>The server refuses to run as root, so that there it gets a user of its own.</summary>
    private static void AsServer(string program, params string[] arguments)
    {
        ProcessStartInfo start = new() { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        if (Environment.UserName == "root")
        {
            start.FileName = "runuser";
            foreach (string part in (string[])["-u", ServerUser, "--", program]) start.ArgumentList.Add(part);
        }
        else
        {
            start.FileName = program;
        }
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program}: wanted a process, got none.");
        // A server that is started inherits the pipes and keeps them open: only the exit is waited for.
        if (!process.WaitForExit(CommandDeadline)) throw new TimeoutException($"{program}: wanted its end within {CommandDeadline}, got none.");
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: wanted exit code 0, got {process.ExitCode}: {process.StandardError.ReadToEnd()}");
    }
}
