#pragma warning disable
namespace Cluster.Actors.Sharding { internal static class Skeleton; }
