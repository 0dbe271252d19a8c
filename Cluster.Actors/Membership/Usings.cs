global using Cluster.Actors.Membership;
global using ActorCluster = Cluster.Actors.Membership.Cluster;
