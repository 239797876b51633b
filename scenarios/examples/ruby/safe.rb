# frozen_string_literal: true

# A careful merchant: Ruby, standard library only. The commands are those of ../README.md.

require 'net/http'
require 'openssl'
require 'securerandom'
require 'timeout'
require 'uri'

ENV['TZ'] = 'Europe/Paris' # the day that DATEQ tells
HOSTS = ENV.values_at('PAYBOX_URL', 'PAYBOX_BACKUP_URL')
TIMEOUT = Float(ENV.fetch('PAYBOX_TIMEOUT', '1'))

# After these codes nothing was processed: the backup host may be asked. 00099 asks to try later, on the same host.
FAILOVER = %w[00001 00003 00097 00098].freeze
UNAVAILABLE = [*FAILOVER, '00099'].freeze
SUCCESS = '00000'
NOT_FOUND = '00018'
# What took no money: an order that shows it may be paid again.
NOTHING_TAKEN = %w[Refusé Annulé].freeze
# Seconds to wait before each time the gateway is asked what became of a lost question.
ASK_AFTER = [0, 0.5, 1].freeze

# The connection was refused: the question was not sent.
class NeverOpened < StandardError; end
# No reply, or none to be trusted: the question may have been processed.
class Lost < StandardError; end

def given(name) = ENV[name].to_s.empty? ? {} : { name.delete_prefix('PAYBOX_') => ENV[name] }

def question(type, fields)
  question = { 'VERSION' => ENV['PAYBOX_VERSION'], 'TYPE' => type, 'SITE' => ENV['PAYBOX_SITE'], 'RANG' => ENV['PAYBOX_RANG'],
               **given('PAYBOX_IDENTIFIANT'),
               # Random: processes that know nothing of each other must not use a number twice on one day.
               'NUMQUESTION' => format('%010d', SecureRandom.random_number(1..2_147_483_647)),
               'DATEQ' => Time.now.strftime('%d%m%Y'), **fields, **given('PAYBOX_CLE') }
  return question if question.key?('CLE')

  question['HASH'] = 'SHA512'
  # Signed before percent-encoding, with the key's bytes and not its hex digits.
  message = question.map { |name, value| "#{name}=#{value}" }.join('&')
  question.merge('HMAC' => OpenSSL::HMAC.hexdigest('SHA512', [ENV['PAYBOX_HMAC_KEY']].pack('H*'), message).upcase)
end

def post(url, question)
  http = Net::HTTP.new(url.host, url.port)
  http.use_ssl = url.scheme == 'https'
  http.open_timeout = TIMEOUT
  begin
    http.start
  rescue SystemCallError, SocketError, Net::OpenTimeout, OpenSSL::SSL::SSLError
    raise NeverOpened
  end
  # Over the whole exchange: read_timeout is for each read, and a reply that trickles in would take as long as it likes.
  response = Timeout.timeout(TIMEOUT) { http.post(url.request_uri, URI.encode_www_form(question)) }
  # A reply that is cut in the middle is no error to Ruby: only its length tells.
  length = response['Content-Length']
  raise Lost, 'broken reply' if response.code != '200' || (length && length.to_i != response.body.bytesize)

  response.body
rescue Timeout::Error, SystemCallError, IOError, OpenSSL::SSL::SSLError, Net::ProtocolError, Net::HTTPBadResponse
  raise Lost, 'time-out or cut'
end

def exchange(url, question)
  # ISO-8859-1, and the values are not url-encoded.
  body = post(URI(url), question).dup.force_encoding('ISO-8859-1').encode('UTF-8')
  reply = body.split('&').to_h { |pair| [*pair.split('=', 2), '', ''].first(2) }
  raise Lost, 'no CODEREPONSE' unless reply['CODEREPONSE']&.match?(/\A\d{5}\z/)
  raise Lost, 'a reply to another question' if %w[SITE RANG NUMQUESTION].any? { |name| reply[name] != question[name] }

  reply
end

def ask(type, fields)
  refused = nil
  HOSTS.each do |url|
    reply = exchange(url, question(type, fields))
    return reply unless FAILOVER.include?(reply['CODEREPONSE'])

    refused = reply
  rescue NeverOpened
    next
  end
  refused || raise(NeverOpened)
end

# What the gateway has for an amount and a reference. That it exists does not say what it is: 00017 does.
def find(order)
  named = ask('00011', order)
  return named if named['CODEREPONSE'] != SUCCESS

  found = ask('00017', named.slice('NUMTRANS'))
  found['CODEREPONSE'] == NOT_FOUND ? raise(Lost, 'found, then not found') : found
end

def line(word, reply)
  code = reply['CODEREPONSE'] # known or not: no table of codes to fall out of
  return "#{UNAVAILABLE.include?(code) ? 'unavailable' : 'refused'} #{code}" if code != SUCCESS

  numbers = reply.values_at('NUMTRANS', 'NUMAPPEL')
  numbers.all? { |number| number&.match?(/\A\d{1,10}\z/) } ? [word, *numbers].join(' ') : 'unknown'
end

# Sends a question once. Where its reply is lost, asks what became of it, and never sends it again.
# A payment that already was what the question leaves it as tells nothing of the question.
def carry_out(type, fields, word, leaves, look, was: nil)
  line(word, ask(type, fields))
rescue Lost
  ASK_AFTER.each do |delay|
    sleep delay
    seen = look.call
    return line(word, seen) if seen['CODEREPONSE'] == SUCCESS && seen['STATUS'] == leaves && leaves != was
  rescue Lost, NeverOpened
    next
  end
  'unknown'
end

def take(type, word, leaves, reference, amount, card)
  order = { 'MONTANT' => amount, 'DEVISE' => '978', 'REFERENCE' => reference }
  before = find(order) # an earlier call may have paid: then this one does not
  found = before['CODEREPONSE'] == SUCCESS
  return before['STATUS'] == leaves ? line(word, before) : 'unknown' if found && !NOTHING_TAKEN.include?(before['STATUS'])
  return line(word, before) unless found || before['CODEREPONSE'] == NOT_FOUND

  carry_out(type, { **order, 'PORTEUR' => card, 'DATEVAL' => '1249', 'CVV' => '123' }, word, leaves, -> { find(order) })
end

def follow(type, word, leaves, numtrans, numappel, amount)
  numbers = { 'NUMTRANS' => numtrans, 'NUMAPPEL' => numappel }
  look = -> { ask('00017', numbers) }
  was = begin
    look.call.fetch('STATUS', leaves)
  rescue Lost, NeverOpened
    leaves
  end
  carry_out(type, { 'MONTANT' => amount, 'DEVISE' => '978', **numbers }, word, leaves, look, was: was)
end

def status(numtrans)
  reply = ask('00017', { 'NUMTRANS' => numtrans })
  return 'not-found' if reply['CODEREPONSE'] == NOT_FOUND

  # Any other failure says nothing of the transaction.
  reply['CODEREPONSE'] == SUCCESS && reply['STATUS'] ? "found #{reply['STATUS']}" : 'unknown'
rescue NeverOpened
  'unknown'
end

$stdout.set_encoding('UTF-8')
command, *arguments = ARGV.map { |argument| argument.dup.force_encoding('UTF-8') }
begin
  puts(
    case command
    when 'pay' then take('00003', 'paid', 'Capturé', *arguments)
    when 'authorize' then take('00001', 'authorized', 'Autorisé', *arguments)
    when 'capture' then follow('00002', 'captured', 'Capturé', *arguments)
    when 'cancel' then follow('00005', 'cancelled', 'Annulé', *arguments)
    when 'refund' then follow('00014', 'refunded', 'Remboursé', *arguments)
    when 'status' then status(*arguments)
    else raise ArgumentError, "no command #{command}"
    end
  )
rescue NeverOpened
  puts 'unavailable connection'
rescue Lost
  puts 'unknown'
end
