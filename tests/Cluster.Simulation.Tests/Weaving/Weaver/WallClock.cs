using Mono.Cecil;

namespace Cluster.Simulation.Weaver;

/// <summary>Members of the framework that make a history unlike another of the same seed.</summary>
internal static class WallClock
{
    private static readonly HashSet<string> s_types = new(StringComparer.Ordinal)
    {
        "System.Threading.Timer", "System.Threading.PeriodicTimer", "System.Timers.Timer", "System.TimeProvider", "System.Diagnostics.Stopwatch",
        "System.Random", "System.Security.Cryptography.RandomNumberGenerator",
    };

    private static readonly HashSet<string> s_members = new(StringComparer.Ordinal)
    {
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTimeOffset::get_Now", "System.DateTimeOffset::get_UtcNow",
        "System.Environment::get_TickCount", "System.Environment::get_TickCount64", "System.Guid::NewGuid", "System.Threading.Tasks.Task::Delay",
        "System.Threading.Tasks.Task::WaitAsync", "System.Threading.Tasks.Task`1::WaitAsync", "System.Threading.CancellationTokenSource::CancelAfter",
        "System.Threading.Thread::Sleep", "System.Threading.Tasks.Parallel::For", "System.Threading.Tasks.Parallel::ForEach",
    };

    // A stopwatch's own life, and draws from a generator that is seeded: nothing in them tells the time.
    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "System.Diagnostics.Stopwatch::StartNew", "System.Diagnostics.Stopwatch::Start", "System.Diagnostics.Stopwatch::Stop", "System.Diagnostics.Stopwatch::Restart",
        "System.Diagnostics.Stopwatch::Reset", "System.Diagnostics.Stopwatch::.ctor", "System.Diagnostics.Stopwatch::get_IsRunning",
        "System.Random::Next", "System.Random::NextDouble", "System.Random::NextBytes", "System.Random::NextInt64",
    };

    /// <summary>Whether a call that no hook replaces would read the wall clock, or draw, or wait.</summary>
    public static bool IsReadBy(MethodReference called)
    {
        string name = $"{called.DeclaringType.GetElementType().FullName}::{called.Name}";
        bool seeded = called.DeclaringType.FullName == "System.Random" && called is { Name: ".ctor", Parameters.Count: 1 };
        return !seeded && !s_harmless.Contains(name)
            && (s_members.Contains(name) || s_types.Contains(called.DeclaringType.FullName)
                || called is { DeclaringType.FullName: "System.Threading.CancellationTokenSource", Name: ".ctor", Parameters.Count: 1 });
    }
}
