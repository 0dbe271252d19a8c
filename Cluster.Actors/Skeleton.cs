#pragma warning disable
namespace Cluster.Actors.Membership { public sealed class Cluster; }
namespace Cluster.Actors.Sharding { internal static class Skeleton; }
namespace Cluster.Actors.Singleton { internal static class Skeleton; }
namespace Cluster.Actors.Persistence { internal static class Skeleton; }
