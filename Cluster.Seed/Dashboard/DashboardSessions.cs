using System.Security.Cryptography;
using System.Text;

namespace Cluster.Seed.Dashboard;

/// <summary>Who has shown the token, by a cookie that is drawn at random and holds nothing of it.</summary>
/// <remarks>
/// Kept     the hashes of the cookies, so that looking one up tells nothing of the others by the time it takes
/// Ends     after half a day, with the log-out, with the seed, or for the one that was used longest ago when there are too many
/// Threads  any
/// </remarks>
internal sealed class DashboardSessions(TimeProvider time)
{
    /// <summary>How many there may be.</summary>
    public const int SessionsMax = 256;

    /// <summary>How long one lasts.</summary>
    public static readonly TimeSpan Lasting = TimeSpan.FromHours(12);

    private const int RandomBytes = 32;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _sessions = [];
    private readonly LinkedList<Entry> _byUse = new();      // used longest ago first

    /// <summary>A new session.</summary>
    /// <returns>The cookie's value.</returns>
    public string Open()
    {
        string cookie = Draw();
        Entry entry = new(HashOf(cookie), new DashboardSession(Draw()), time.GetUtcNow() + Lasting);
        lock (_gate)
        {
            if (_sessions.Count == SessionsMax) Remove(_byUse.First!);
            _sessions[entry.Hash] = _byUse.AddLast(entry);
        }
        return cookie;
    }

    /// <summary>The session of a cookie; null if there is none, or it is over.</summary>
    public DashboardSession? Find(string? cookie)
    {
        if (string.IsNullOrEmpty(cookie)) return null;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(HashOf(cookie), out LinkedListNode<Entry>? node)) return null;
            if (node.Value.Ends <= time.GetUtcNow())
            {
                Remove(node);
                return null;
            }
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Session;
        }
    }

    /// <summary>Ends the session of a cookie.</summary>
    public void Close(string? cookie)
    {
        if (string.IsNullOrEmpty(cookie)) return;
        lock (_gate)
            if (_sessions.TryGetValue(HashOf(cookie), out LinkedListNode<Entry>? node)) Remove(node);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _sessions.Remove(node.Value.Hash);
        _byUse.Remove(node);
    }

    private static string Draw() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));

    private static string HashOf(string cookie) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(cookie)));

    private sealed record Entry(string Hash, DashboardSession Session, DateTimeOffset Ends);
}

/// <summary>One session.</summary>
/// <param name="FormKey">What each form of it holds, and no other page knows.</param>
internal sealed record DashboardSession(string FormKey);
