using Cluster.Messages.Node;

namespace Cluster.Messages.Tests.Node;

public sealed class LogTextTests
{
    private const string Endpoint = "akka://cluster/system/endpointManager/reliableEndpointWriter-akka.tcp%3A%2F%2Fcluster%40127.0.0.1%3A36841-1/endpointWriter";

    [Theory]
    [InlineData("akka://cluster/user/worker", typeof(OneForOneStrategy), false)]
    [InlineData("akka://cluster/system/akka.persistence.journal.events", typeof(OneForOneStrategy), false)]
    [InlineData(Endpoint, typeof(OneForOneStrategy), true)]
    [InlineData("akka://cluster/system/cluster/core/daemon", typeof(ActorCluster), true)]
    [InlineData("akka://cluster/user/worker", typeof(LogTextTests), false)]
    public void The_failures_of_actors_are_told_but_for_those_of_lost_connections(string source, Type from, bool akkas) =>
        LogText.IsAkkas(new Error(new TimeoutException("late"), source, from, "Disassociated")).ShouldBe(akkas);
}
