using System.Data.Common;

namespace Cluster.Actors.Persistence.Storage;

/// <summary>What differs between the databases that can keep a journal; the statements over its tables are the same.</summary>
internal abstract class JournalDatabase
{
    /// <summary>Names the database in messages, without any secret.</summary>
    public abstract string Name { get; }

    /// <summary>What keeps a row that was read from being changed by others until the transaction ends.</summary>
    public abstract string SharedLock { get; }

    /// <summary>What keeps it from being read under a lock, too.</summary>
    public abstract string ExclusiveLock { get; }

    /// <summary>Connects and brings the tables up to date.</summary>
    /// <exception cref="IncompatibleSchemaException">A newer version of the program wrote them.</exception>
    public abstract DbConnection Open();

    /// <summary>Whether the same request may well succeed a little later on another connection.</summary>
    public abstract bool IsOutage(Exception error);
}
