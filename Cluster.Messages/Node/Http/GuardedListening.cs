using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cluster.Messages.Node.Http;

/// <summary>What every HTTP server of a node has in common: short waits, small requests, and seats for its connections.</summary>
public static class GuardedListening
{
    private const int HeaderBytesMax = 16 * 1024, HeadersMax = 64;
    private static readonly TimeSpan Waiting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Headers = TimeSpan.FromSeconds(5);

    /// <summary>Bounds what a connection may send, and how long it may take.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="bodyBytesMax">Bytes of a request's body.</param>
    public static void Bound(this KestrelServerOptions kestrel, long bodyBytesMax)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = bodyBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        kestrel.Limits.MaxRequestHeaderCount = HeadersMax;
        kestrel.Limits.KeepAliveTimeout = Waiting;
        kestrel.Limits.RequestHeadersTimeout = Headers;
    }

    /// <summary>Gives each connection a seat, or closes it. To be called before TLS is asked for, lest strangers get that far.</summary>
    public static void Seat(this ListenOptions listen, ConnectionSeats seats)
    {
        ArgumentNullException.ThrowIfNull(listen);
        listen.Protocols = HttpProtocols.Http1;     // one request of a connection at a time
        listen.Use(next => connection => ServeAsync(connection, seats, next));
    }

    /// <summary>The seat of a request's connection; null if it came by another way than <see cref="Seat"/>.</summary>
    public static Seat? SeatOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(typeof(Seat), out object? seat) == true ? (Seat?)seat : null;
    }

    private static async Task ServeAsync(ConnectionContext connection, ConnectionSeats seats, ConnectionDelegate next)
    {
        IPAddress from = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (seats.Take(from, connection.Abort) is not { } seat)
        {
            connection.Abort();
            return;
        }
        connection.Items[typeof(Seat)] = seat;
        try
        {
            await next(connection);
        }
        finally
        {
            seat.Leave();
        }
    }
}
