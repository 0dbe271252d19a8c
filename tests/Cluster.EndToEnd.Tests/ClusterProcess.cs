using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Cluster.EndToEnd.Tests;

/// <summary>A run of the `cluster` command as a process of its own. Every wait has a deadline.</summary>
internal sealed partial class ClusterProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5), Interval = TimeSpan.FromMilliseconds(5);
    private readonly Process _process;

    /// <summary>What the command keeps of a person's clusters, their tokens: of these tests alone.</summary>
    private static readonly string s_clusters = UntilTheEnd("cluster-state-");

    /// <summary>The same of a person's runs, the privacy that they spent: of no other run, as no test is to use up another's budget.</summary>
    private readonly string _state = Path.Combine(Path.GetTempPath(), $"cluster-state-{Guid.NewGuid():N}");
    private readonly StringBuilder _output = new(), _messages = new();
    private readonly Task _read;
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource Seen)> _expected = [];

    private ClusterProcess(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment, string? workingDirectory)
    {
        // Whoever runs the tests in the background ignores SIGINT, and so would the command, which inherits it.
        ProcessStartInfo start = new(OperatingSystem.IsLinux() ? "env" : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        if (OperatingSystem.IsLinux())
        {
            start.ArgumentList.Add("--default-signal=INT");
            start.ArgumentList.Add("dotnet");
        }
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "cluster.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        bool trainsHere = arguments is ["train" or "crossval" or "tune", ..] && !arguments.Contains("--connect");
        start.Environment["XDG_STATE_HOME"] = trainsHere ? _state : s_clusters;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        _process.StandardInput.Close();
        _read = Task.WhenAll(ReadAsync(_process.StandardOutput, _output), ReadAsync(_process.StandardError, _messages));
    }

    /// <summary>Starts a run and returns at once.</summary>
    public static ClusterProcess Start(params string[] arguments) => new(arguments, null, null);

    /// <summary>Starts a run with other environment variables.</summary>
    public static ClusterProcess Start(string[] arguments, IReadOnlyDictionary<string, string> environment) => new(arguments, environment, null);

    /// <summary>Runs to the end.</summary>
    public static Task<Finished> RunAsync(params string[] arguments) => RunAsync(arguments, null);

    /// <summary>Runs to the end with other environment variables, in another folder.</summary>
    public static async Task<Finished> RunAsync(
        string[] arguments, IReadOnlyDictionary<string, string>? environment, string? workingDirectory = null)
    {
        using ClusterProcess process = new(arguments, environment, workingDirectory);
        return await process.FinishAsync();
    }

    /// <summary>Waits until a line of either stream matches. A job that ended well before the line came is tried again, longer.</summary>
    public async Task SeeAsync(Func<string, bool> matches)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_expected)
        {
            if ((_output.ToString() + _messages).Split('\n').Any(matches)) return;
            _expected.Add((matches, seen));
        }
        Task first = await Task.WhenAny(seen.Task, _read).WaitAsync(Deadline);
        if (first == _read && !seen.Task.IsCompleted) throw await EndedBeforeAsync("the line came");
    }

    /// <summary>SIGKILL: no instruction more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Deadline);
    }

    /// <summary>Waits until something is seen from outside. A job that ended well before it is tried again, longer.</summary>
    /// <param name="seen">Looks once.</param>
    /// <param name="what">What it looks for.</param>
    public async Task UntilAsync(Func<bool> seen, string what)
    {
        using CancellationTokenSource late = new(Deadline);
        while (!seen())
        {
            if (HasExited) throw await EndedBeforeAsync(what);
            await Task.Delay(Interval, TimeProvider.System, late.Token);
        }
    }

    /// <summary>The processes that the command started, once there are so many.</summary>
    public async Task<IReadOnlyList<Process>> ChildrenAsync(int count)
    {
        IReadOnlyList<Process> children = [];
        await UntilAsync(() => (children = Children()).Count >= count, $"{count} processes of it were found");
        return children;
    }

    private IReadOnlyList<Process> Children()
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{Id}/task/{Id}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(child => Process.GetProcessById(int.Parse(child)))];
        }
        catch (Exception gone) when (gone is IOException or ArgumentException)
        {
            return [];      // it, or one of its processes, ended in between
        }
    }

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public void Interrupt() => Signal(2);

    /// <summary>SIGTERM, as whoever runs services sends it to end one.</summary>
    public void Terminate() => Signal(15);

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public async Task<Finished> FinishAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            throw new TimeoutException($"The process did not end within {Deadline}; it had written:\n{_output}{_messages}");
        }
        await _read.WaitAsync(Deadline);
        return new Finished(_process.ExitCode, _output.ToString(), _messages.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit(Deadline);     // until it is gone it may write into a folder that the test removes
        _process.Dispose();
        if (Directory.Exists(_state)) Directory.Delete(_state, recursive: true);
    }

    /// <summary>A folder that is gone when all tests have run.</summary>
    private static string UntilTheEnd(string prefix)
    {
        string folder = Directory.CreateTempSubdirectory(prefix).FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private async Task<Exception> EndedBeforeAsync(string what)
    {
        Finished ended = await FinishAsync();
        DisturbedJob.Require(ended.ExitCode != 0, what);
        return new InvalidOperationException($"The process ended with {ended.ExitCode} before {what}:\n{ended.Output}{ended.Messages}");
    }

    private async Task ReadAsync(StreamReader reader, StringBuilder into)
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (_expected)
            {
                into.Append(line).Append('\n');
                foreach ((Func<string, bool> matches, TaskCompletionSource seen) in _expected)
                    if (matches(line)) seen.TrySetResult();
            }
    }

    private void Signal(int number)
    {
        if (Kill(_process.Id, number) != 0) throw new InvalidOperationException("The signal could not be sent.");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    /// <summary>What a run left.</summary>
    internal sealed record Finished(int ExitCode, string Output, string Messages)
    {
        /// <summary>The JSON object of --json: the last line of standard output.</summary>
        public JsonObject Json
        {
            get
            {
                string last = Output.TrimEnd('\n').Split('\n')[^1];
                return last.StartsWith('{')
                    ? JsonNode.Parse(last)!.AsObject()
                    : throw new InvalidOperationException($"Wanted JSON as the last line, got exit code {ExitCode} and:\n{Output}{Messages}");
            }
        }

        /// <summary>The identity of the model that was trained.</summary>
        public string ModelSha256 => Json["model_sha256"]?.GetValue<string>()
            ?? throw new InvalidOperationException($"Wanted a model, got exit code {ExitCode} and:\n{Output}{Messages}");

        /// <summary>A figure of a split.</summary>
        public double Metric(string split, string name) => Json["metrics"]![split]![name]!.GetValue<double>();
    }
}
