namespace Cluster.Coordinator.Authority;

/// <summary>
/// The first event of each writer of a stream. As the numbers of events are unique, it shuts out every earlier writer, who
/// would use the same number next: on a journal that knows no tokens, too.
/// </summary>
/// <param name="Token">Of the writer's grant.</param>
internal sealed record AuthorityTaken(long Token);
