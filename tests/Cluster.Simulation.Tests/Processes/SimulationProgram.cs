using System.Globalization;
using System.Text.Json;
using Cluster.Simulation.Tests.Training;
using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Processes;

/// <summary>
/// What this assembly is as a program: a simulating process. It reads a <see cref="SimulationRequest"/> a line, and writes a
/// <see cref="SimulationReport"/> a line, until its input ends. With a seed as its argument, and a trace file after it, it runs that one history.
/// </summary>
internal static class SimulationProgram
{
    private const int StackBytes = 16 << 20;

    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>A line of the exchange.</summary>
    public static string Write<T>(T line) => JsonSerializer.Serialize(line, s_json);

    /// <summary>What a line says.</summary>
    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, s_json)!;

    private static int Main(string[] arguments)
    {
        StableHashes.Install();
        if (arguments.Length > 0)
        {
            SimulationReport report = Run(new SimulationRequest(int.Parse(arguments[0], CultureInfo.InvariantCulture), TraceFile: arguments.ElementAtOrDefault(1)));
            Console.WriteLine(Write(report));
            return report.Failure is null ? 0 : 1;
        }
        while (Console.In.ReadLine() is { Length: > 0 } line) Console.WriteLine(Write(Run(Read<SimulationRequest>(line))));
        return 0;
    }

    // On a thread of its own each: what the engine caches by thread goes with it.
    private static SimulationReport Run(SimulationRequest request)
    {
        SimulationReport? report = null;
        Thread thread = new(() => report = RunHere(request), StackBytes) { Name = $"seed {request.Seed}" };
        thread.Start();
        thread.Join();
        return report!;
    }

    private static SimulationReport RunHere(SimulationRequest request)
    {
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        using StreamWriter? trace = request.TraceFile is { Length: > 0 } file ? new(file) : null;
        SimulationOutcome outcome = TrainingSimulation.Run(
            request.Seed, request.Faults, trace, request.Bug is { } bug ? NamedBugs.Find(bug) : null, request.Limit);
        return SimulationReport.Of(outcome, Environment.CpuUsage.TotalTime - begun);
    }
}
