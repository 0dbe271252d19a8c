using Cluster.Coordinator.Tasks;

namespace Cluster.Coordinator.Tests.Tasks;

public class RunnerPlaceTests : ActorTestKit
{
    private static readonly Address s_node = new("akka", "test", "node", 1);

    [Fact]
    public void The_first_runner_of_a_node_is_called_as_the_only_one_of_another_is() =>
        RunnerPlace.On(s_node, 3).Select(place => place.Path.ToStringWithoutAddress()).ShouldBe(["/user/tasks", "/user/tasks-2", "/user/tasks-3"]);

    [Theory]
    [InlineData("tasks", 0)]
    [InlineData("tasks-2", 1)]
    [InlineData("tasks-12", 11)]
    [InlineData("tasks-x", 0)]
    [InlineData("other", 0)]
    public void A_runner_is_known_by_what_it_is_called(string name, int number) =>
        RunnerPlace.Of(Sys.ActorOf(Props.Create(() => new SilentActor()), name), s_node).ShouldBe(new RunnerPlace(s_node, number));

    private sealed class SilentActor : ReceiveActor;
}
