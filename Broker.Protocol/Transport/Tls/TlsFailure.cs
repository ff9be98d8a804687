namespace Broker.Protocol.Transport.Tls;

/// <summary>Says what is wrong with a file of a listener's TLS: the key, the path, the fault.</summary>
internal static class TlsFailure
{
    public static ListenerException Of(string listener, string key, string path, string problem, Exception? cause = null)
    {
        string message = $"mqtt.listeners.{listener}.tls.{key} = \"{path}\": {problem}.";
        return cause is null ? new ListenerException(message) : new ListenerException(message, cause);
    }
}
