namespace Broker.Node.Hosting;

/// <summary>The node cannot start for a reason that people can do something about, which the message says.</summary>
internal sealed class StartException(string message, Exception? cause = null) : Exception(message, cause);
