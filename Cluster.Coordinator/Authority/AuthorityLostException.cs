namespace Cluster.Coordinator.Authority;

/// <summary>Another coordinator holds the lease by now: what was to be written is its to write.</summary>
internal sealed class AuthorityLostException(string place, long token, long newest)
    : Exception($"{place}: wanted to write under token {token}, got a lease whose token is {newest}: another coordinator has taken over; this one stops");
