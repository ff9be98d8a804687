using System.Net;
using Broker.Protocol.Transport.Channels;
using Microsoft.Extensions.Logging;

namespace Broker.Protocol.Transport.WebSockets;

/// <summary>
/// Kestrel's loggers, of which the one of TLS tells of a failed handshake what listeners of TCP tell, in one line. Kestrel itself keeps it to those who debug, and
/// hands the exception to nobody else.
/// </summary>
internal sealed class HandshakeLoggers(ILoggerFactory loggers, ListenerContext listener) : ILoggerFactory
{
    private const string Category = "Microsoft.AspNetCore.Server.Kestrel.Https.Internal.HttpsConnectionMiddleware";
    private const string Failed = "AuthenticationFailed";
    private const string TimedOut = "AuthenticationTimedOut";

    private readonly AsyncLocal<EndPoint?> _client = new();

    /// <summary>Whose handshake it is that this flow of calls now does.</summary>
    public EndPoint? Client
    {
        set => _client.Value = value;
    }

    public ILogger CreateLogger(string categoryName)
    {
        ILogger logger = loggers.CreateLogger(categoryName);
        return categoryName == Category ? new HandshakeLogger(this, logger) : logger;
    }

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose()
    {
        // The node's.
    }

    private void Tell(string? what, Exception? exception)
    {
        if (what == TimedOut)
        {
            Tell("it was not complete in time");
        }
        else if (what == Failed && exception is not (null or IOException))
        {
            Tell(Failures.Innermost(exception).Message);
        }

        // Who goes before it is complete is no matter, a probe of a load balancer most often.
    }

    private void Tell(string failure) =>
        TransportLog.HandshakeFailed(listener.Logger, listener.Options.Name, Addresses.Unmapped(_client.Value), failure);

    private sealed class HandshakeLogger(HandshakeLoggers owner, ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        // Its level, Debug, is asked for before it says what.
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            owner.Tell(eventId.Name, exception);
            if (logger.IsEnabled(logLevel))
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
