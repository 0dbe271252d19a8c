using System.Net;
using System.Net.Sockets;
using Cluster.Messages.Trust;

namespace Cluster.Messages.DataPlane.Sockets;

/// <summary>Without trust nothing is listened to or connected to beyond this machine.</summary>
internal static class LoopbackRule
{
    /// <summary>The address of an end point.</summary>
    /// <exception cref="IOException">The host is unknown.</exception>
    /// <exception cref="InvalidOperationException">It is beyond this machine, and there is no trust.</exception>
    public static IPEndPoint Resolve(DataEndPoint at, NodeTrust? trust)
    {
        IPAddress address = IPAddress.TryParse(at.Host, out IPAddress? known) ? known : Find(at.Host);
        return trust is not null || IPAddress.IsLoopback(address)
            ? new IPEndPoint(address, at.Port)
            : throw new InvalidOperationException($"wanted a loopback address, got {at}: beyond this machine a shared key or certificates must keep strangers out");
    }

    private static IPAddress Find(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host)[0];
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw new IOException($"wanted a host that is known, got {host}: {failure.Message}", failure);
        }
    }
}
