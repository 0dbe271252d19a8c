using System.Diagnostics;
using Cluster.Simulation.Tests.Training;

namespace Cluster.Simulation.Tests.Processes;

/// <summary>
/// A process that runs one history after another, for the engine is woven and the thread pool cut down in all of it. It ends with its
/// input, and so with whoever started it.
/// </summary>
internal sealed class SimulatingProcess : IDisposable
{
    /// <summary>Real time that a history may take: one that takes a thousand times as long as others is stuck.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    public SimulatingProcess()
    {
        ProcessStartInfo start = new("dotnet", [typeof(SimulatingProcess).Assembly.Location]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_GCgen0size"] = "0x4000000";       // 64 MiB: what a history leaves dies young
        _process = Process.Start(start) ?? throw new InvalidOperationException("simulating process: wanted one, got none");
    }

    /// <summary>Runs a history.</summary>
    /// <exception cref="InvalidOperationException">The process ended instead; the text has what it said.</exception>
    /// <exception cref="TimeoutException">It did not end within two minutes of real time; the process is killed.</exception>
    public SimulationReport Run(SimulationRequest request)
    {
        _process.StandardInput.WriteLine(SimulationProgram.Write(request));
        _process.StandardInput.Flush();
        Task<string?> answer = _process.StandardOutput.ReadLineAsync();
        if (!answer.Wait(s_deadline))
        {
            _process.Kill();
            throw new TimeoutException($"seed {request.Seed}: wanted the history to end within {s_deadline}, got nothing; {SimulationOutcome.ReplayOf(request.Seed)}");
        }
        return answer.Result is { } line
            ? SimulationProgram.Read<SimulationReport>(line)
            : throw new InvalidOperationException($"seed {request.Seed}: wanted a report, got the end of the process: {_process.StandardError.ReadToEnd()}; {SimulationOutcome.ReplayOf(request.Seed)}");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(s_deadline)) _process.Kill();
        _process.Dispose();
    }
}
