using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Cluster.Messages.Node;

namespace Cluster.Coordinator.Local;

/// <summary>
/// Workers as processes of this machine: this program again, with the verb `node worker`. One that dies is started again. Each
/// ends when its standard input closes, which the operating system sees to, however this process ends.
/// </summary>
internal sealed class WorkerProcesses : IDisposable
{
    private const int StartsMax = 20;
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<int, Process> _running = [];
    private readonly Lock _gate = new();
    private readonly NodeAddress _seed;
    private readonly LocalClusterOptions _options;
    private readonly Action<string> _warn;
    private int _starts;
    private bool _ended;

    /// <param name="seed">Whom they join through.</param>
    /// <param name="options">Cores, data folders and readable folders of each.</param>
    /// <param name="warn">Told what they warn of.</param>
    public WorkerProcesses(NodeAddress seed, LocalClusterOptions options, Action<string> warn)
    {
        _seed = seed;
        _options = options;
        _warn = warn;
    }

    /// <summary>What the runtime is given where it was started by itself: the assembly of this program.</summary>
    public static string ProgramAssembly { get; set; } = Path.Combine(AppContext.BaseDirectory, "cluster.dll");

    /// <summary>The processes that run now.</summary>
    public IReadOnlyCollection<int> Ids => [.. _running.Values.Select(process => process.Id)];

    /// <summary>Starts the worker of that number.</summary>
    public void Start(int number)
    {
        lock (_gate)
        {
            if (_ended) return;
            Process process = new() { StartInfo = StartOf(number), EnableRaisingEvents = true };
            process.Exited += (_, _) => OnExited(number, process);
            process.ErrorDataReceived += (_, line) => OnLine(number, line.Data);
            process.Start();
            process.BeginErrorReadLine();
            _running[number] = process;
        }
    }

    /// <summary>Ends them all.</summary>
    public void Dispose()
    {
        lock (_gate) _ended = true;
        foreach (Process process in _running.Values) process.StandardInput.Close();
        foreach (Process process in _running.Values)
        {
            if (!process.WaitForExit(EndDeadline)) process.Kill();
            process.Dispose();
        }
    }

    private ProcessStartInfo StartOf(int number)
    {
        ProcessStartInfo start = OwnProgram();
        string[] arguments =
        [
            "node", "worker", "--name", _starts == 0 ? $"worker-{number}" : $"worker-{number}.{_starts}", "--seeds", _seed.ToString(),
            "--threads", _options.ThreadsPerWorker.ToString(CultureInfo.InvariantCulture), "--split-role", NodeRoles.Seed, NodeVerb.UntilInputClosesFlag,
            "--data-cache", _options.Storage.Folder, "--data-cache-limit", _options.Storage.FolderBytesMax.ToString(CultureInfo.InvariantCulture),
            "--data-memory", _options.Storage.MemoryBytesMax.ToString(CultureInfo.InvariantCulture),
            "--data-roots", _options.Roots is { } roots ? string.Join(',', roots.Folders) : "/",
        ];
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.RedirectStandardInput = true;
        start.RedirectStandardError = true;
        // Settings for the programs of a deployment are not meant for these.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("CLUSTER_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        if (_options.Verbose) start.Environment[LogText.VerboseName] = "1";
        return start;
    }

    /// <summary>This program, or the runtime with this assembly if it was started that way.</summary>
    private static ProcessStartInfo OwnProgram()
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("the path of this program is not known; start it by its file.");
        if (Path.GetFileNameWithoutExtension(program) != "dotnet") return new ProcessStartInfo(program);
        ProcessStartInfo start = new(program);
        start.ArgumentList.Add(ProgramAssembly);
        return start;
    }

    private void OnExited(int number, Process process)
    {
        lock (_gate)
        {
            if (_ended) return;
            _warn($"worker-{number} (process {process.Id}) ended with exit code {process.ExitCode}; it is started again.");
            process.Dispose();
            if (++_starts <= StartsMax)
            {
                Start(number);
                return;
            }
            _running.TryRemove(number, out _);
            _warn($"worker-{number}: started again {StartsMax} times; no more.");
        }
    }

    private void OnLine(int number, string? line)
    {
        if (line is not null && (line.Contains("[WARNING]", StringComparison.Ordinal) || line.Contains("[ERROR]", StringComparison.Ordinal)))
            _warn($"worker-{number}: {line}");
    }
}
