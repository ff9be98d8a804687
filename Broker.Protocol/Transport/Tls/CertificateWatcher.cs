using System.Security.Cryptography.X509Certificates;
using Broker.Protocol.Transport.Channels;

namespace Broker.Protocol.Transport.Tls;

/// <summary>
/// Holds a listener's certificate and looks after its files. A changed and usable certificate serves the connections that
/// come after; one that is not usable, such as one half written, is reported once and changes nothing.
/// </summary>
internal sealed class CertificateWatcher : IDisposable
{
    private static readonly TimerCallback LookCallback = static watcher => ((CertificateWatcher)watcher!).Look();

    private readonly ListenerContext _listener;
    private readonly TlsOptions _options;
    private readonly Lock _lock = new();
    private volatile TlsContext _current;
    private string _seen;
    private ITimer? _timer;

    private CertificateWatcher(ListenerContext listener, TlsOptions options, TlsFiles files, TlsContext current)
    {
        _listener = listener;
        _options = options;
        _current = current;
        _seen = files.Fingerprint;
        WarnOfTime(current.Certificate);
    }

    /// <summary>For the next connection. Any thread.</summary>
    public TlsContext Current => _current;

    /// <exception cref="ListenerException">The files are not usable.</exception>
    public static CertificateWatcher Load(ListenerContext listener)
    {
        string name = listener.Options.Name;
        TlsOptions options = listener.Options.Tls
            ?? throw new ListenerException($"mqtt.listeners.{name}.tls.certificate-file: a listener of type tls or wss needs a certificate.");
        TlsFiles files = TlsFiles.Read(name, options);
        return new CertificateWatcher(listener, options, files, CertificateLoader.Load(name, options, files));
    }

    public void Start() => _timer = _listener.Time.CreateTimer(LookCallback, this, _options.ReloadInterval, _options.ReloadInterval);

    public void Dispose() => _timer?.Dispose();

    /// <summary>Looks for a change now.</summary>
    public void Look()
    {
        lock (_lock)
        {
            try
            {
                TlsFiles files = TlsFiles.Read(_listener.Options.Name, _options);
                if (files.Fingerprint == _seen)
                {
                    return;
                }

                _seen = files.Fingerprint;
                TlsContext loaded = CertificateLoader.Load(_listener.Options.Name, _options, files);
                _current = loaded;
                X509Certificate2 certificate = loaded.Certificate;
                TransportLog.CertificateReloaded(_listener.Logger, _listener.Options.Name, certificate.Subject, certificate.NotAfter.ToUniversalTime());
                WarnOfTime(certificate);
            }
            catch (ListenerException exception)
            {
                Keep(exception);
            }
        }
    }

    // Once for a change: a file that stays unreadable says the same at every look.
    private void Keep(ListenerException exception)
    {
        string problem = exception.Message;
        if (exception.InnerException is IOException or UnauthorizedAccessException)
        {
            if (_seen == problem)
            {
                return;
            }

            _seen = problem;
        }

        TransportLog.CertificateKept(_listener.Logger, _listener.Options.Name, problem);
    }

    private void WarnOfTime(X509Certificate2 certificate)
    {
        DateTime now = _listener.Time.GetUtcNow().UtcDateTime;
        DateTime from = certificate.NotBefore.ToUniversalTime();
        DateTime to = certificate.NotAfter.ToUniversalTime();
        if (now < from || now > to)
        {
            TransportLog.CertificateNotValidNow(_listener.Logger, _listener.Options.Name, certificate.Subject, from, to);
        }
    }
}
