using Cluster.Messages.Identifiers;

namespace Cluster.Messages.Api;

// What the seed's HTTP API says beside the protocol's own records, which travel there as JSON.

/// <summary>One node of the cluster.</summary>
/// <param name="Address">Where it is reached.</param>
/// <param name="Roles">What it can do.</param>
/// <param name="Status">Its status as a member.</param>
/// <param name="Reachable">Whether the answering seed hears of it.</param>
public sealed record MemberView(string Address, ImmutableArray<string> Roles, string Status, bool Reachable);

/// <summary>The cluster, as the answering seed sees it.</summary>
/// <param name="Seed">The answering seed.</param>
/// <param name="Members">Every node, oldest first.</param>
public sealed record ClusterView(string Seed, ImmutableArray<MemberView> Members);

/// <summary>Asks for a job to be run.</summary>
/// <param name="Job">Names it: 1 to 100 letters, digits, '-', '_' and '.', beginning with a letter or digit.</param>
/// <param name="Text">The job file, overrides applied; at most 64 KiB.</param>
/// <param name="BaseDirectory">What its relative paths are relative to: an absolute path that the coordinator and every worker see.</param>
/// <param name="Folds">0 to train a model; K to cross-validate with K folds.</param>
/// <param name="Priority">Of the jobs that wait, the one with the highest begins first; −100 to 100.</param>
/// <param name="Servers">How many servers keep the parameters, 1 to 64.</param>
public sealed record JobSubmission(JobId Job, string Text, string BaseDirectory, int Folds = 0, int Priority = 0, int Servers = 1);

/// <summary>What went wrong (RFC 9457).</summary>
/// <param name="Title">The kind of problem.</param>
/// <param name="Status">The answer's status code.</param>
/// <param name="Detail">For a person: place, wanted, got, do this.</param>
public sealed record Problem(string Title, int Status, string Detail);
