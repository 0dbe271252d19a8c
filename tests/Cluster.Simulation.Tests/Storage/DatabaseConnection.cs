using Cluster.Simulation.Tests.World;

namespace Cluster.Simulation.Tests.Storage;

/// <summary>
/// What one life of a node asks the database: a request is under way for a while, is answered at one moment, and the answer is under way
/// for a while. Of a node that dies, what is under way arrives or not.
/// </summary>
internal sealed class DatabaseConnection(NodeLife life, MemoryJournal journal, Func<TimeSpan> outage)
{
    private static readonly TimeSpan s_fastest = TimeSpan.FromMilliseconds(0.2), s_slowest = TimeSpan.FromMilliseconds(4);

    /// <summary>The number of the life that asks.</summary>
    public int Life => life.Index;

    private SimulatedWorld World => life.Node.World;

    /// <summary>The connection of a life.</summary>
    /// <exception cref="InvalidOperationException">The node has none.</exception>
    public static DatabaseConnection Of(NodeLife life) =>
        life.Database ?? throw new InvalidOperationException($"{life.Node.Name}: wanted a database, got a node without; connect it before its actors start");

    /// <summary>Asks.</summary>
    public Task<T> Ask<T>(Func<MemoryJournal, T> request)
    {
        TaskCompletionSource<T> answered = new();       // continues on the simulation's thread, at once
        World.After(Leg() + outage(), null, () => Arrive(request, answered));
        return answered.Task;
    }

    private void Arrive<T>(Func<MemoryJournal, T> request, TaskCompletionSource<T> answered)
    {
        if (!life.IsAlive && World.Random.Happens(0.5)) return;
        Action answer;
        try
        {
            T result = request(journal);
            answer = () => answered.SetResult(result);
        }
        catch (InvalidOperationException refused)
        {
            answer = () => answered.SetException(refused);
        }
        World.After(Leg(), life, answer);
    }

    private TimeSpan Leg() => World.Random.Next(s_fastest, s_slowest) / 2;
}
