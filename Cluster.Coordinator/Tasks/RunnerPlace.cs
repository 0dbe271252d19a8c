using System.Globalization;

namespace Cluster.Coordinator.Tasks;

/// <summary>Where a runner of tasks is: its node, and which of the node's it is. A node has one for each of its workers: one, but for a local cluster's.</summary>
/// <param name="Node">The node.</param>
/// <param name="Number">Which of the node's, from 0.</param>
internal readonly record struct RunnerPlace(Address Node, int Number)
{
    private const string Name = "tasks";

    /// <summary>The runner's actor: /user/tasks, then /user/tasks-2 and so on.</summary>
    public ActorPath Path => new RootActorPath(Node) / "user" / (Number == 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}-{Number + 1}"));

    /// <summary>The runners of a node.</summary>
    public static IEnumerable<RunnerPlace> On(Address node, int count) => Enumerable.Range(0, count).Select(number => new RunnerPlace(node, number));

    /// <summary>The place of a runner that said something.</summary>
    /// <param name="runner">The sender; a reference to an actor of this node names no host.</param>
    /// <param name="self">This node.</param>
    public static RunnerPlace Of(IActorRef runner, Address self)
    {
        string name = runner.Path.Name;
        int number = name.StartsWith(Name + "-", StringComparison.Ordinal) && NumberText.TryRead(name.AsSpan(Name.Length + 1), out int read) ? read - 1 : 0;
        return new RunnerPlace(runner.Path.Address.HasLocalScope ? self : runner.Path.Address, number);
    }
}
