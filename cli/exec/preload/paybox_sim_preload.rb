# frozen_string_literal: true

# Routes the HTTPS connections of a Ruby program to paybox-direct-simulator. RUBYOPT loads it.
#
# It is for the libraries that read no proxy variable or bring their own authorities, such as ActiveMerchant. PAYBOX_SIM_URL is the
# simulator, PAYBOX_SIM_HOSTS the hosts of the gateway, PAYBOX_SIM_CA the certificate of its authority.
require 'socket'

module PayboxSimPreload
  SIMULATOR = %r{\Ahttps?://\[?([^\]/]+?)\]?:(\d+)\z}.match(ENV['PAYBOX_SIM_URL'].to_s)&.captures
  HOSTS = ENV['PAYBOX_SIM_HOSTS'].to_s.split(',')
  LOCAL = /\A(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0)\z/

  module_function

  def in_network?(name, network)
    require 'ipaddr'
    IPAddr.new(network).include?(IPAddr.new(name))
  rescue StandardError
    false
  end

  def matches?(entry, name)
    return true if entry == '*'
    return in_network?(name, entry) if entry.include?('/')

    wanted = entry.downcase.sub(/:443\z/, '').delete('[]').sub(/\A\*?\./, '')
    wanted != '' && (name == wanted || name.end_with?(".#{wanted}"))
  end

  def direct?(name)
    no_proxy = [ENV['no_proxy'], ENV['NO_PROXY']].find { |value| value.to_s != '' }.to_s
    LOCAL.match?(name) || no_proxy.split(/[\s,]+/).any? { |entry| matches?(entry, name) }
  end

  # Asks the simulator for a tunnel. It refuses, and reports the refusal where it runs.
  def refusal(name)
    target = name.include?(':') ? "[#{name}]:443" : "#{name}:443"
    reply = TCPSocket.open(*SIMULATOR) do |tunnel|
      tunnel.write("CONNECT #{target} HTTP/1.1\r\nHost: #{target}\r\n\r\n")
      tunnel.read
    end
    reply.force_encoding('UTF-8').split("\r\n\r\n", 2)[1].to_s.strip
  rescue SystemCallError
    "#{target} was refused: it is not one of the gateway's hosts, and the simulator at #{ENV['PAYBOX_SIM_URL']} does not answer."
  end

  # The host and port to connect to instead.
  def target(host, port)
    trust_simulator if [host, port.to_s] == SIMULATOR
    return [host, port] unless port.to_s == '443' || port.to_s == 'https'

    name = host.to_s.downcase.delete('[]').chomp('.')
    if HOSTS.include?(name)
      trust_simulator
      return [SIMULATOR[0], Integer(SIMULATOR[1])]
    end
    return [host, port] if name == '' || direct?(name)

    raise SocketError, refusal(name)
  end

  # TCPSocket.open, which calls new.
  module Opened
    def initialize(host = nil, port = nil, *rest, &block)
      super(*PayboxSimPreload.target(host, port), *rest, &block)
    end
    ruby2_keywords :initialize if respond_to?(:ruby2_keywords, true)
  end

  # Socket.tcp, which some libraries use for its time limit.
  module Connected
    def tcp(host, port, *rest, &block)
      super(*PayboxSimPreload.target(host, port), *rest, &block)
    end
    ruby2_keywords :tcp if respond_to?(:ruby2_keywords, true)
  end

  # Libraries that connect a socket themselves reach the simulator by their proxy.
  module Connecting
    def connect(*)
      PayboxSimPreload.trust_simulator
      super
    end

    def connect_nonblock(*, **)
      PayboxSimPreload.trust_simulator
      super
    end
  end

  module Trusting
    def initialize(io, context = nil, *rest)
      PayboxSimPreload.trust(context) if context
      super(*[io, context].compact, *rest)
    end
    ruby2_keywords :initialize if respond_to?(:ruby2_keywords, true)
  end

  # A context also trusts the simulator's authority, which signs for the hosts of the gateway only, next to the authorities of its own.
  def trust(context)
    context.cert_store ||= OpenSSL::X509::Store.new
    context.cert_store.add_cert(OpenSSL::X509::Certificate.new(File.read(ENV.fetch('PAYBOX_SIM_CA'))))
  rescue OpenSSL::X509::StoreError, FrozenError, SystemCallError
    # It is trusted already, or the context was used before.
  end

  # Not at the start of the program: Bundler then could not choose the version of the library.
  def trust_simulator
    return if @trusts || !defined?(OpenSSL::SSL::SSLSocket)

    @trusts = true
    OpenSSL::SSL::SSLSocket.prepend(Trusting)
  end
end

if PayboxSimPreload::SIMULATOR && ENV['PAYBOX_SIM_CA']
  TCPSocket.prepend(PayboxSimPreload::Opened)
  Socket.singleton_class.prepend(PayboxSimPreload::Connected)
  Socket.prepend(PayboxSimPreload::Connecting)
end
