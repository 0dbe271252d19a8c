using Cluster.Messages.Identifiers;
using Cluster.Messages.Wire;

namespace Cluster.Messages;

// worker node ── DescribeSource ──▶ ParameterServer ──▶ DataSource    a node that does not see the data is to host a shard of it; for a
//                                                                    fold it asks the TaskCoordinator instead
// worker node ◀── SourceDescribed ── DataSource                       which files there are, how long they are, their hashes
// worker node ── ReadSource ──▶ DataSource                            a few blocks at once; again for those that do not come
// worker node ◀── SourceRead ── DataSource
// worker node ◀── SourceRefused ── DataSource                         the source cannot be read: the job fails, with the reason

/// <summary>A file of a job's data source.</summary>
/// <param name="Name">Its name, perhaps below one folder: 'train.csv', 'test/train.txt'.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">SHA-256 of its bytes, in hexadecimal.</param>
public readonly record struct SourceFile(string Name, long Length, string Sha256);

/// <summary>Asks of what files the job's data source consists. PROTOCOL.md: DescribeSource.</summary>
/// <param name="Job">The job.</param>
public sealed record DescribeSource(JobId Job) : IJobMessage;

/// <summary>The files of the job's data source. PROTOCOL.md: SourceDescribed.</summary>
/// <param name="Job">The job.</param>
/// <param name="Files">In the order in which <see cref="ReadSource"/> counts them.</param>
public sealed record SourceDescribed(JobId Job, ImmutableArray<SourceFile> Files) : IJobMessage;

/// <summary>The job's data source cannot be had here either. PROTOCOL.md: SourceRefused.</summary>
/// <param name="Job">The job.</param>
/// <param name="Reason">File, what was wanted, what came.</param>
public sealed record SourceRefused(JobId Job, string Reason) : IJobMessage;

/// <summary>Asks for one block of a file of the source. PROTOCOL.md: ReadSource.</summary>
/// <param name="Job">The job.</param>
/// <param name="File">Which file, from 0.</param>
/// <param name="Offset">Where the block begins: a multiple of 256 KiB.</param>
public sealed record ReadSource(JobId Job, int File, long Offset) : IJobMessage;

/// <summary>One block of a file of the source. PROTOCOL.md: SourceRead.</summary>
/// <param name="Job">The job.</param>
/// <param name="File">Which file, from 0.</param>
/// <param name="Offset">Where the block begins.</param>
/// <param name="Sha256">SHA-256 of the block, in hexadecimal.</param>
/// <param name="Block">256 KiB, or what is left of the file.</param>
public sealed record SourceRead(JobId Job, int File, long Offset, string Sha256, TensorPayload Block) : IJobMessage;
